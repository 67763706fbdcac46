package dev.ratchet.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.Cancellation.Registration;
import dev.ratchet.core.common.Signals;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

@Timeout(60)
class PostgresSignalsTest {
    private final PGSimpleDataSource source = OpenDatabase.source(TestDatabase.newPostgresql());
    private final PostgresSignals one = started();
    private final PostgresSignals other = started();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    private PostgresSignals started() {
        PostgresSignals signals = new PostgresSignals(source, source);
        signals.start();
        return signals;
    }

    @AfterEach
    void close() {
        one.close();
        other.close();
    }

    @Test
    void raiseWhenOthersListenTellsThemAll() throws Exception {
        awaitConnection(other);
        try (Registration _ = other.on(Signals.Topic.EXECUTIONS, heard::add)) {
            Set<String> raised = new HashSet<>();
            for (int i = 0; i < 1_000; i++) {
                String detail = new UUID(7, i).toString();
                raised.add(detail);
                one.raise(Signals.Topic.EXECUTIONS, detail);
            }

            Set<String> told = new HashSet<>();
            while (told.size() < raised.size()) {
                String detail = heard.poll(20, TimeUnit.SECONDS);
                assertThat(detail).as("a signal after %s", told.size()).isNotNull();
                told.add(detail);
            }
            assertThat(told).isEqualTo(raised);
        }
    }

    @Test
    void raiseWhenHeardByItselfComesOnceAndAtOnce() throws Exception {
        awaitConnection(one);
        awaitConnection(other);
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        try (Registration _ = one.on(Signals.Topic.CANCEL, heard::add);
                Registration _ = other.on(Signals.Topic.CANCEL, answers::add)) {
            one.raise(Signals.Topic.CANCEL, "a");
            assertThat(heard.poll()).isEqualTo("a");

            // Once the other has heard of it, and has been heard, an echo would have come.
            assertThat(answers.poll(20, TimeUnit.SECONDS)).isEqualTo("a");
            other.raise(Signals.Topic.CANCEL, "b");
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("b");
        }
    }

    @Test
    void listenWhenTheConnectionBreaksComesBack() throws Exception {
        awaitConnection(other);
        try (Registration _ = other.on(Signals.Topic.SCHEDULES, heard::add)) {
            try (var connection = source.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(
                        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() "
                                + "and pid <> pg_backend_pid()");
            }

            // What was missed nobody knows, so it says that there may be something.
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isEmpty();
        }
        awaitConnection(other);
    }

    /** Until something raised elsewhere is heard. */
    private void awaitConnection(PostgresSignals signals) throws SQLException, InterruptedException {
        BlockingQueue<String> probes = new LinkedBlockingQueue<>();
        try (Registration _ = signals.on(Signals.Topic.DELIVERIES, probes::add);
                var connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            String probe = null;
            for (int i = 0; i < 100 && !"probe".equals(probe); i++) {
                statement.execute("select pg_notify('ratchet', 'somebody DELIVERIES probe')");
                probe = probes.poll(200, TimeUnit.MILLISECONDS);
            }
            assertThat(probe).isEqualTo("probe");
        }
    }
}

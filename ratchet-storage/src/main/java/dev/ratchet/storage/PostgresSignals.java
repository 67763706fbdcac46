package dev.ratchet.storage;

import dev.ratchet.core.common.Alarm;
import dev.ratchet.core.common.Cancellation.Registration;
import dev.ratchet.core.common.Signals;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals between the servers that share a PostgreSQL database, by LISTEN and NOTIFY. Listeners of this process hear at
 * once, those of others within milliseconds: what is raised meanwhile travels together. While the connection is away
 * others hear nothing, and once it is back this one looks at everything.
 *
 * <p>A message is {@code sender topic detail,detail,...}; the sender ignores its own.
 *
 * <p>Threads: one that listens, one that notifies.
 */
final class PostgresSignals implements Signals, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PostgresSignals.class);

    private static final String CHANNEL = "ratchet";
    /** PostgreSQL takes less than 8,000 bytes; details are identifiers or empty. */
    private static final int MAX_MESSAGE = 7_000;
    /** More than that is waiting only when the database is away, and then a signal may be lost. */
    private static final int MAX_PENDING = 10_000;

    private static final Duration GATHER = Duration.ofMillis(2);
    private static final Duration RECONNECT = Duration.ofSeconds(1);
    private static final Duration LISTEN = Duration.ofMillis(500);
    private static final Duration PROBE = Duration.ofSeconds(30);
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

    private final Signals local = Signals.local();
    private final DataSource listening;
    private final DataSource notifying;
    private final String self = UUID.randomUUID().toString();

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Topic, Set<String>> pending = new EnumMap<>(Topic.class);
    private int pendingCount;
    private final Alarm alarm = new Alarm();

    private final Thread listener;
    private final Thread notifier;

    /**
     * @param listening gives a connection to keep
     * @param notifying gives connections for a moment
     */
    PostgresSignals(DataSource listening, DataSource notifying) {
        this.listening = listening;
        this.notifying = notifying;
        this.listener = Thread.ofPlatform().name("ratchet-listen").daemon(true).unstarted(this::listen);
        this.notifier = Thread.ofPlatform().name("ratchet-notify").daemon(true).unstarted(this::sendAll);
    }

    /** Begins to listen to the other servers, and to tell them. */
    void start() {
        listener.start();
        notifier.start();
    }

    @Override
    public void raise(Topic topic, String detail) {
        local.raise(topic, detail);
        lock.lock();
        try {
            if (pendingCount < MAX_PENDING
                    && pending.computeIfAbsent(topic, _ -> new LinkedHashSet<>())
                            .add(detail)) {
                pendingCount++;
            }
        } finally {
            lock.unlock();
        }
        alarm.ring();
    }

    @Override
    public Registration on(Topic topic, Consumer<String> hearing) {
        return local.on(topic, hearing);
    }

    // ---- telling

    private void sendAll() {
        while (alarm.sleep(PROBE)) {
            List<String> messages = takeMessages();
            if (messages.isEmpty()) {
                continue;
            }
            try (Connection connection = notifying.getConnection();
                    PreparedStatement statement = connection.prepareStatement("select pg_notify(?, ?)")) {
                for (String message : messages) {
                    statement.setString(1, CHANNEL);
                    statement.setString(2, message);
                    statement.execute();
                }
            } catch (SQLException e) {
                log.atWarn().setCause(e).log("other servers cannot be told of changes; they will look by themselves");
                alarm.pause(RECONNECT);
            }
            // What comes within this time goes together.
            alarm.pause(GATHER);
        }
    }

    private List<String> takeMessages() {
        lock.lock();
        try {
            List<String> messages = new ArrayList<>();
            pending.forEach((topic, details) -> addMessages(messages, topic, details));
            pending.clear();
            pendingCount = 0;
            return messages;
        } finally {
            lock.unlock();
        }
    }

    private void addMessages(List<String> messages, Topic topic, Set<String> details) {
        String head = self + " " + topic.name() + " ";
        StringBuilder message = new StringBuilder(head);
        for (String detail : details) {
            if (message.length() > head.length() && message.length() + detail.length() >= MAX_MESSAGE) {
                messages.add(message.toString());
                message = new StringBuilder(head);
            }
            message.append(message.length() > head.length() ? "," : "").append(detail);
        }
        messages.add(message.toString());
    }

    // ---- hearing

    private void listen() {
        while (!alarm.isStopped()) {
            try (Connection connection = listening.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("listen " + CHANNEL);
                // Nobody knows what was missed.
                for (Topic topic : List.of(Topic.JOBS, Topic.DELIVERIES, Topic.SCHEDULES)) {
                    local.raise(topic, "");
                }
                hear(connection.unwrap(PGConnection.class), statement);
            } catch (SQLException e) {
                if (!alarm.isStopped()) {
                    log.atWarn().setCause(e).log("signals of other servers cannot be heard; connecting again");
                    alarm.pause(RECONNECT);
                }
            }
        }
    }

    private void hear(PGConnection connection, Statement probe) throws SQLException {
        long probeAt = System.nanoTime() + PROBE.toNanos();
        while (!alarm.isStopped()) {
            PGNotification @Nullable [] heard = connection.getNotifications((int) LISTEN.toMillis());
            if (heard != null) {
                for (PGNotification notification : heard) {
                    tell(notification.getParameter());
                }
            }
            if (System.nanoTime() - probeAt >= 0) {
                // A connection that only listens does not notice its end.
                probe.execute("select 1");
                probeAt = System.nanoTime() + PROBE.toNanos();
            }
        }
    }

    private void tell(String message) {
        String[] parts = message.split(" ", 3);
        if (parts.length != 3 || parts[0].equals(self)) {
            return;
        }
        for (Topic topic : Topic.values()) {
            // A newer server may have topics that this one does not know.
            if (topic.name().equals(parts[1])) {
                for (String detail : parts[2].split(",", -1)) {
                    tell(topic, detail);
                }
            }
        }
    }

    private void tell(Topic topic, String detail) {
        try {
            local.raise(topic, detail);
        } catch (RuntimeException e) {
            log.atWarn().addKeyValue("topic", topic).setCause(e).log("a signal could not be understood");
        }
    }

    // ---- stopping

    @Override
    public void close() {
        alarm.stop();
        try {
            for (Thread thread : List.of(listener, notifier)) {
                if (!thread.join(CLOSE_WAIT)) {
                    log.atWarn()
                            .addKeyValue("thread", thread.getName())
                            .log("a thread of the signals did not end in time");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

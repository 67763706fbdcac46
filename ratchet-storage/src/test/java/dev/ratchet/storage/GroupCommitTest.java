package dev.ratchet.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.common.Transactions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
@Timeout(60)
class GroupCommitTest {
    private static final String INSERT = "insert into things (id, name) values (?, ?)";

    private final TestDatabase.Vendor vendor;
    private final TestDatabase database;
    private final GroupCommit groups;

    GroupCommitTest(TestDatabase.Vendor vendor) {
        this.vendor = vendor;
        this.database = TestDatabase.open(vendor);
        this.groups = database.get(GroupCommit.class);
        groups.run(session ->
                session.update("create table things (id bigint not null primary key, name text not null unique)"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void runWhenManyAskReturnsToEachItsOwnResult() throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> answers = new ArrayList<>();
            for (long i = 0; i < 2_000; i++) {
                long id = i;
                answers.add(callers.submit(() -> groups.run(session -> {
                    session.update(INSERT, id, "thing " + id);
                    return id;
                })));
            }

            for (int i = 0; i < answers.size(); i++) {
                assertThat(answers.get(i).get()).isEqualTo(i);
            }
        }
        assertThat(count()).isEqualTo(2_000);
    }

    @Test
    void runWhenCommittedIsStillThereAfterARestart() {
        groups.run(session -> session.update(INSERT, 1, "one"));

        database.restart();

        assertThat(count()).isEqualTo(1);
    }

    @Test
    void runWhenOneOfAGroupFailsStoresTheOthers() throws Exception {
        AtomicInteger failures = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch queued = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            int lanes = vendor == TestDatabase.Vendor.SQLITE
                    ? 1
                    : database.settings().writers();
            // Every lane is busy until all members of the group wait.
            List<Future<?>> blockers = new ArrayList<>();
            for (int lane = 0; lane < lanes; lane++) {
                blockers.add(callers.submit(() -> groups.run(session -> {
                    begun.countDown();
                    await(queued);
                    return 0;
                })));
            }
            await(begun);
            List<Future<?>> members = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                int id = i;
                members.add(callers.submit(() -> groups.run(session -> {
                    session.update(INSERT, id, id % 10 == 9 ? "the same" : "thing " + id);
                    return id;
                })));
            }
            queued.countDown();

            for (Future<?> blocker : blockers) {
                assertThat(blocker.get()).isEqualTo(0);
            }
            for (Future<?> member : members) {
                try {
                    member.get();
                } catch (ExecutionException e) {
                    assertThat(e.getCause())
                            .isInstanceOfSatisfying(RatchetException.class, error -> assertThat(error.code())
                                    .isEqualTo(ErrorCode.CONFLICT));
                    failures.incrementAndGet();
                }
            }
        }
        assertThat(failures).hasValue(9);
        assertThat(count()).isEqualTo(91);
    }

    @Test
    void runWhenTheDiskIsFullSaysSoAndStoresNothing() {
        assertThatThrownBy(() -> groups.run(session -> {
                    session.update(INSERT, 1, "one");
                    throw new SQLException("could not extend file \"base/1/2\"", "53100");
                }))
                .isInstanceOfSatisfying(
                        RatchetException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SERVICE_UNAVAILABLE))
                .hasMessage("the disk of the database is full; nothing was stored");
        assertThat(count()).isZero();
    }

    @Test
    void runWhenWorkThrowsItsOwnExceptionThrowsItAndStoresNothing() {
        RatchetException own = new RatchetException(ErrorCode.NOT_FOUND, "no such thing");

        assertThatThrownBy(() -> groups.run(session -> {
                    session.update(INSERT, 1, "one");
                    throw own;
                }))
                .isSameAs(own);

        assertThat(count()).isZero();
    }

    @Test
    void runWhenInterruptedBeforeItBeganWithdraws() throws Exception {
        Set<String> stored = ConcurrentHashMap.newKeySet();
        CountDownLatch busy = new CountDownLatch(vendor == TestDatabase.Vendor.SQLITE ? 1 : 3);
        CountDownLatch release = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> blockers = new ArrayList<>();
            while (busy.getCount() > 0) {
                long before = busy.getCount();
                blockers.add(callers.submit(() -> groups.run(session -> {
                    busy.countDown();
                    await(release);
                    return 0;
                })));
                // One at a time, so that each lane gets one.
                while (busy.getCount() == before) {
                    Thread.onSpinWait();
                }
            }
            CountDownLatch refused = new CountDownLatch(1);
            Thread caller = Thread.ofVirtual().start(() -> {
                Thread.currentThread().interrupt();
                try {
                    groups.run(session -> {
                        stored.add("withdrawn");
                        return 0;
                    });
                } catch (RatchetException e) {
                    if (Thread.currentThread().isInterrupted()) {
                        refused.countDown();
                    }
                }
            });
            await(refused);
            caller.join();
            release.countDown();
            for (Future<?> blocker : blockers) {
                blocker.get();
            }
        }
        groups.run(session -> stored.add("later"));

        assertThat(stored).containsExactly("later");
    }

    @Test
    void runWhenClosedRefuses() {
        groups.close();

        assertThatThrownBy(() -> groups.run(session -> 0))
                .isInstanceOfSatisfying(RatchetException.class, error -> assertThat(error.code())
                        .isEqualTo(ErrorCode.SERVICE_UNAVAILABLE));
    }

    @Test
    void runWhenTheQueueIsFullRefuses() throws Exception {
        OpenDatabase open = database.get(OpenDatabase.class);
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (GroupCommit small = new GroupCommit(open.writers(), 1, 1);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> running = callers.submit(() -> small.run(session -> {
                begun.countDown();
                await(release);
                return 0;
            }));
            await(begun);
            AtomicInteger refusals = new AtomicInteger();
            CountDownLatch refused = new CountDownLatch(1);
            for (int i = 0; i < 2; i++) {
                callers.execute(() -> {
                    try {
                        small.run(session -> 0);
                    } catch (RatchetException e) {
                        assertThat(e).hasMessageContaining("behind by");
                        refusals.incrementAndGet();
                        refused.countDown();
                    }
                });
            }
            await(refused);
            release.countDown();
            running.get();
            assertThat(refusals).hasValue(1);
        }
    }

    @Test
    void writeWithinATransactionJoinsIt() {
        Transactions transactions = database.get(Transactions.class);
        Sql sql = database.get(Sql.class);

        assertThatThrownBy(() -> transactions.write(() -> {
                    sql.write(session -> session.update(INSERT, 1, "one"));
                    assertThat(sql.<Long>read(
                                    session -> session.query("select count(*) from things", row -> row.getLong(1))
                                            .getFirst()))
                            .isEqualTo(1);
                    throw new IllegalStateException("undo");
                }))
                .hasMessage("undo");
        assertThat(count()).isZero();

        transactions.write(() -> sql.write(session -> session.update(INSERT, 1, "one")));
        assertThat(count()).isEqualTo(1);
    }

    @Test
    void writeWithinAReadIsRefused() {
        Transactions transactions = database.get(Transactions.class);
        Sql sql = database.get(Sql.class);

        assertThatThrownBy(() -> transactions.read(() -> transactions.write(() -> 1)))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> transactions.read(() -> sql.write(session -> session.update(INSERT, 1, "one"))))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> transactions.read(() -> sql.read(session -> session.update(INSERT, 1, "one"))))
                .isInstanceOf(RatchetException.class);
        assertThatThrownBy(() -> transactions.write(() -> sql.commit(session -> 1)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(count()).isZero();
    }

    @Test
    void readWhileSomebodyWritesSeesTheStateBefore() {
        Transactions transactions = database.get(Transactions.class);
        Sql sql = database.get(Sql.class);

        transactions.write(() -> {
            sql.write(session -> session.update(INSERT, 1, "one"));
            long seen = inAnotherThread(() -> transactions.read(this::count));
            assertThat(seen).isZero();
            return 0;
        });
    }

    private long count() {
        return database.get(Sql.class)
                .<Long>read(session -> session.query("select count(*) from things", row -> row.getLong(1))
                        .getFirst());
    }

    private static <T> T inAnotherThread(java.util.concurrent.Callable<T> work) {
        try (ExecutorService other = Executors.newVirtualThreadPerTaskExecutor()) {
            return other.submit(work).get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("waited in vain");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

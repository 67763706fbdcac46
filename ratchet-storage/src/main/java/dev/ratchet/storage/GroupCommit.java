package dev.ratchet.storage;

import com.zaxxer.hikari.HikariDataSource;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits small pieces of work together. What arrives while a transaction is under way runs in the next one, so that
 * under load many share one wait for the disk, and alone nobody waits for company. Everybody is answered after the
 * commit. When one piece fails, the group is undone and its members run singly, so that only the guilty one fails.
 *
 * <p>Work runs on platform threads, one for each connection that writes: waiting for the disk is a native call, and on
 * a virtual thread it would hold up every other one on the same carrier.
 */
final class GroupCommit implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GroupCommit.class);

    /** Members of one transaction at most; bounds what one failure makes run again. */
    static final int MAX_GROUP = 256;

    private static final int CONTENDED_ATTEMPTS = 8;
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(30);

    private final HikariDataSource writers;
    private final BlockingQueue<Member<?>> queue;
    private final List<Lane> lanes;
    private final LongAdder commits = new LongAdder();
    private final LongAdder committed = new LongAdder();
    private volatile boolean closing;

    /**
     * @param writers connections that may write
     * @param laneCount how many of them to use side by side
     * @param capacity pieces that may wait; more are refused
     */
    GroupCommit(HikariDataSource writers, int laneCount, int capacity) {
        this.writers = writers;
        this.queue = new ArrayBlockingQueue<>(capacity);
        List<Lane> made = new ArrayList<>();
        for (int i = 0; i < laneCount; i++) {
            made.add(new Lane("ratchet-writer-" + i));
        }
        this.lanes = List.copyOf(made);
        lanes.forEach(Lane::start);
    }

    /**
     * Runs {@code work} in a transaction of its own or with others, and returns when it is committed. Interrupting the
     * caller withdraws work that has not begun; once it has, the answer is waited for, because only then does the caller
     * know what is stored.
     *
     * @throws RatchetException SERVICE_UNAVAILABLE when too many wait, the database cannot be used, or the program ends;
     *     CONFLICT when the work contradicts what is stored; or whatever the work itself threw
     */
    <T extends @Nullable Object> T run(WriteWork<T> work) {
        Member<T> member = new Member<>(work);
        if (closing) {
            throw closed();
        }
        if (!queue.offer(member)) {
            throw new RatchetException(
                    ErrorCode.SERVICE_UNAVAILABLE,
                    "the database is behind by " + queue.size() + " writes, which is all that may wait; try again");
        }
        // Closing may have looked at the queue between the check and the offer, and nobody would serve it then.
        if (closing && member.withdraw()) {
            throw closed();
        }
        return member.await();
    }

    /** Transactions that were committed. */
    long commits() {
        return commits.sum();
    }

    /** Pieces of work in them. */
    long committed() {
        return committed.sum();
    }

    /** Pieces of work that wait for a transaction. */
    int waiting() {
        return queue.size();
    }

    /** Serves what waits, refuses the rest, and ends the threads. */
    @Override
    public void close() {
        closing = true;
        wakeOne();
        boolean interrupted = false;
        for (Lane lane : lanes) {
            try {
                if (!lane.thread.join(CLOSE_WAIT)) {
                    log.atError().addKeyValue("thread", lane.thread.getName()).log("a writer did not end in time");
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        for (Member<?> left = queue.poll(); left != null; left = queue.poll()) {
            if (left.take()) {
                left.fail(closed());
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets a lane look whether the end has come. In a full queue something else will wake it. */
    private void wakeOne() {
        Member<Integer> nothing = new Member<>(session -> 0);
        nothing.withdraw();
        boolean offered = queue.offer(nothing);
        log.atTrace().addKeyValue("offered", offered).log("a writer is told of the end");
    }

    private static RatchetException closed() {
        return new RatchetException(ErrorCode.SERVICE_UNAVAILABLE, "the database is being closed");
    }

    /** How one transaction ended. */
    private sealed interface Attempt {
        /** Everything in it is stored. */
        record Committed() implements Attempt {}

        /** Nothing is stored, and it may work at once. */
        record Contended(Throwable cause) implements Attempt {}

        /** Nothing is stored, or nobody knows, and it makes no sense to try on. */
        record Unavailable(Throwable cause, String meaning) implements Attempt {}

        /** Nothing is stored, because of one of the members. */
        record Faulty(Throwable cause) implements Attempt {}
    }

    /** A thread with a connection. */
    private final class Lane implements Runnable {
        private final Thread thread;
        private @Nullable Connection physical;
        private @Nullable SqlSession session;

        Lane(String name) {
            this.thread = Thread.ofPlatform().name(name).daemon(true).unstarted(this);
        }

        void start() {
            thread.start();
        }

        @Override
        public void run() {
            List<Member<?>> group = new ArrayList<>(MAX_GROUP);
            while (!closing || !queue.isEmpty()) {
                try {
                    group.add(queue.take());
                } catch (InterruptedException e) {
                    log.atWarn().addKeyValue("thread", thread.getName()).log("a writer was interrupted and goes on");
                    continue;
                }
                queue.drainTo(group, MAX_GROUP - 1);
                group.removeIf(member -> !member.take());
                if (!group.isEmpty()) {
                    serveSafely(group);
                }
                group.clear();
            }
            forgetStatements();
            wakeOne();
        }

        /** Whatever happens, everybody is answered and the thread lives on. */
        private void serveSafely(List<Member<?>> group) {
            try {
                serve(group);
            } catch (Throwable e) {
                log.atError().setCause(e).log("a group of writes met a defect");
                group.forEach(member -> member.fail(new RatchetException(
                        ErrorCode.INTERNAL_ERROR, "the write met a defect and may be stored or not: " + e, e)));
            }
        }

        private void serve(List<Member<?>> group) {
            switch (attemptUntilFree(group)) {
                case Attempt.Committed() -> group.forEach(Member::succeed);
                case Attempt.Contended(Throwable cause) ->
                    group.forEach(member -> member.fail(new RatchetException(
                            ErrorCode.SERVICE_UNAVAILABLE, "the database is busy; nothing was stored", cause)));
                case Attempt.Unavailable(Throwable cause, String meaning) ->
                    group.forEach(member -> member.fail(new RatchetException(
                            ErrorCode.SERVICE_UNAVAILABLE,
                            DatabaseErrors.translate(cause).getMessage() + "; " + meaning,
                            cause)));
                case Attempt.Faulty(Throwable cause) -> {
                    if (group.size() == 1) {
                        group.getFirst().fail(cause);
                    } else {
                        List.copyOf(group).forEach(member -> serve(List.of(member)));
                    }
                }
            }
        }

        private Attempt attemptUntilFree(List<Member<?>> group) {
            Attempt attempt = attempt(group);
            for (int i = 1; attempt instanceof Attempt.Contended && i < CONTENDED_ATTEMPTS; i++) {
                // Two that were in each other's way must not meet again: up to 1, 2, 4 ... 128 ms.
                LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(1_000_000L << i));
                attempt = attempt(group);
            }
            return attempt;
        }

        private Attempt attempt(List<Member<?>> group) {
            Connection connection;
            try {
                connection = writers.getConnection();
            } catch (SQLException e) {
                return judge(e, false);
            }
            boolean committing = false;
            boolean usable = true;
            try {
                connection.setAutoCommit(false);
                SqlSession statements = statementsOn(connection);
                // An earlier transaction that failed may have left some.
                statements.dropLasts();
                for (Member<?> member : group) {
                    member.apply(statements);
                }
                statements.runLasts();
                committing = true;
                connection.commit();
                commits.increment();
                committed.add(group.size());
                return new Attempt.Committed();
            } catch (Throwable e) { // whatever a member throws is its caller's to see
                Attempt attempt = judge(e, committing);
                // In what state it is nobody knows: a driver that could not begin may believe it has begun.
                usable = attempt instanceof Attempt.Faulty && rolledBack(connection, e);
                return attempt;
            } finally {
                giveBack(connection, usable);
            }
        }

        /** What is committed is committed: a connection that cannot be given back is replaced, and that is all. */
        private void giveBack(Connection connection, boolean usable) {
            if (!usable) {
                // Closes it too; to close it again would fail.
                writers.evictConnection(connection);
                return;
            }
            try {
                connection.setAutoCommit(true);
                connection.close();
            } catch (SQLException e) {
                log.atWarn().setCause(e).log("a connection could not be given back and is replaced");
                writers.evictConnection(connection);
            }
        }

        private Attempt judge(Throwable e, boolean committing) {
            return switch (DatabaseErrors.kindOf(e)) {
                case CONTENDED -> new Attempt.Contended(e);
                case UNAVAILABLE ->
                    new Attempt.Unavailable(
                            e,
                            committing && !DatabaseErrors.isFull(e)
                                    ? "the connection was lost while committing, so it may be stored or not"
                                    : "nothing was stored");
                case CONFLICT, DAMAGED, DEFECT -> new Attempt.Faulty(e);
            };
        }

        private boolean rolledBack(Connection connection, Throwable cause) {
            try {
                connection.rollback();
                return true;
            } catch (SQLException e) {
                cause.addSuppressed(e);
                return false;
            }
        }

        /** The kept statements, unless the pool has replaced the connection they belong to. */
        private SqlSession statementsOn(Connection pooled) throws SQLException {
            Connection current = pooled.unwrap(Connection.class);
            SqlSession known = session;
            if (known != null && current.equals(physical)) {
                return known;
            }
            forgetStatements();
            SqlSession made = new SqlSession(current);
            physical = current;
            session = made;
            return made;
        }

        private void forgetStatements() {
            SqlSession known = session;
            session = null;
            physical = null;
            if (known != null) {
                try {
                    known.close();
                } catch (SQLException e) {
                    // The connection is gone, and its statements with it.
                    log.atDebug().setCause(e).log("statements of a closed connection could not be closed");
                }
            }
        }
    }

    /** Work and whoever waits for it. */
    private static final class Member<T extends @Nullable Object> {
        private enum State {
            QUEUED,
            TAKEN,
            WITHDRAWN
        }

        private final WriteWork<T> work;
        private final AtomicReference<State> state = new AtomicReference<>(State.QUEUED);
        private final CountDownLatch answered = new CountDownLatch(1);
        private @Nullable T result;
        private @Nullable Throwable failure;

        Member(WriteWork<T> work) {
            this.work = work;
        }

        boolean take() {
            return state.compareAndSet(State.QUEUED, State.TAKEN);
        }

        boolean withdraw() {
            return state.compareAndSet(State.QUEUED, State.WITHDRAWN);
        }

        void apply(SqlSession session) throws SQLException {
            result = work.run(session);
        }

        void succeed() {
            answered.countDown();
        }

        /** The first answer stands. */
        void fail(Throwable cause) {
            if (answered.getCount() > 0) {
                failure = cause;
                answered.countDown();
            }
        }

        @SuppressWarnings("NullAway") // the result is null only where T allows it
        T await() {
            boolean interrupted = false;
            try {
                while (true) {
                    try {
                        answered.await();
                        break;
                    } catch (InterruptedException e) {
                        interrupted = true;
                        if (withdraw()) {
                            throw new RatchetException(
                                    ErrorCode.SERVICE_UNAVAILABLE, "interrupted before anything was stored", e);
                        }
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
            Throwable cause = failure;
            if (cause == null) {
                return result;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw cause instanceof RuntimeException own ? own : DatabaseErrors.translate(cause);
        }
    }
}

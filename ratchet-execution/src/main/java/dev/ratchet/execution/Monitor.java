package dev.ratchet.execution;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongUnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that looks after limits, memory, heartbeats and whatever else falls due, and sleeps until the next of
 * them. Thread-safe.
 */
final class Monitor {
    private static final Logger log = LoggerFactory.getLogger(Monitor.class);

    private static final long SETTLE_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Roster roster;
    private final Duration heartbeat;
    private final Duration sampling;
    private final LongUnaryOperator poolLook;
    private final AtomicLong changes = new AtomicLong();
    private final Set<Run> settling = ConcurrentHashMap.newKeySet();
    private final Thread thread;
    private volatile long lookAt = System.nanoTime();

    /**
     * @param poolLook looks after the pool at the time given and returns when to look again, {@link Long#MAX_VALUE} for
     *     whenever; called without a lock
     */
    Monitor(Roster roster, WorkerPoolSettings.Health health, LongUnaryOperator poolLook) {
        this.roster = roster;
        this.heartbeat = health.heartbeatInterval();
        this.sampling = health.samplingInterval();
        this.poolLook = poolLook;
        this.thread = Thread.ofPlatform().daemon().name("ratchet-pool-monitor").unstarted(this::watch);
    }

    void start() {
        thread.start();
    }

    /** Looks no later than {@code deadline}, in {@link System#nanoTime()}. */
    void lookBy(long deadline) {
        changes.incrementAndGet();
        if (deadline - lookAt < 0) {
            wake();
        }
    }

    /** Looks now, and ends if the pool is over. */
    void wake() {
        LockSupport.unpark(thread);
    }

    /** Sees to it that a run that has ended gets its result although requests of it are still being given up. */
    void settles(Run run) {
        settling.add(run);
        lookBy(System.nanoTime() + SETTLE_LOOK_NANOS);
    }

    /** Lets no run wait for its requests any longer. */
    void settleAll() {
        settling.forEach(Run::settleNow);
    }

    private void watch() {
        long seen = -1;
        while (!roster.isOver()) {
            long before = changes.get();
            long now = System.nanoTime();
            long due = now + heartbeat.toNanos();
            try {
                due = Worker.earlier(due, look(now));
            } catch (RuntimeException e) {
                // Without this thread no limit holds, so it outlives its own defects.
                log.atError().setCause(e).log("looking after the workers failed");
                due = now + sampling.toNanos();
            }
            if (before != seen) {
                // As long as runs keep coming they are looked after at this pace, so that none has to wake this thread.
                due = Worker.earlier(due, now + sampling.toNanos());
            }
            seen = before;
            lookAt = due;
            if (changes.get() == before) {
                LockSupport.parkNanos(Math.max(0, due - System.nanoTime()));
            }
        }
    }

    private long look(long now) {
        long due = Long.MAX_VALUE;
        for (Worker worker : roster.workers()) {
            due = Worker.earlier(due, worker.look(now));
        }
        settling.removeIf(run -> run.settleIfDue(now));
        if (!settling.isEmpty()) {
            due = Worker.earlier(due, now + SETTLE_LOOK_NANOS);
        }
        return Worker.earlier(due, poolLook.applyAsLong(now));
    }
}

package dev.ratchet.execution;

import dev.ratchet.core.execution.LimitKind;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.TaskCode;
import dev.ratchet.execution.protocol.Message;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work from the queue to its end: who has it, how long it may take, and how far it has been asked to stop.
 * Thread-safe; never calls the pool while holding its own monitor.
 */
abstract sealed class Assignment permits Run, Inspection {
    /** Steps of a life, in order; a step may be left out but never taken back, except that a lost run waits again. */
    private enum Stage {
        WAITING,
        RUNNING,
        ABORTING,
        TERMINATING,
        KILLING,
        OVER
    }

    private static final int MAX_UNDELIVERED = 3;

    private final ContentHash hash;
    private final TaskCode code;
    private final String owner;
    private final long memoryBytes;
    private final long wallNanos;
    private final long cpuNanos;
    private final WorkerPoolSettings.Graces graces;

    private Stage stage = Stage.WAITING;
    private @Nullable StopCause cause;
    private @Nullable Worker worker;
    private long runId;
    private boolean delivered;
    private int undelivered;
    private boolean abortDue;
    private long startedAt;
    private long stageEndsAt;
    private long cpuBaseline = ProcessFigures.UNKNOWN;
    private long cpuUsed;
    private long nextCpuSample;
    private int attempts;
    private boolean alone;

    Assignment(
            ContentHash hash,
            TaskCode code,
            String owner,
            long memoryBytes,
            Duration wallTime,
            Duration cpuTime,
            WorkerPoolSettings.Graces graces) {
        this.hash = hash;
        this.code = code;
        this.owner = owner;
        this.memoryBytes = memoryBytes;
        this.wallNanos = wallTime.toNanos();
        this.cpuNanos = cpuTime.toNanos();
        this.graces = graces;
    }

    /** The message that makes a worker do it. */
    abstract Message.ToWorker order(long id, int attempt);

    /** An attempt is about to begin. */
    abstract void attemptBegins(Worker at, long id);

    /** The worker is about to be told of it. */
    abstract void announced(int attempt);

    /** Its worker is lost and it waits for another: returns what has to be done once no lock is held. */
    abstract Runnable attemptLost();

    /** The run is being stopped: nothing more is to leave on its behalf. */
    abstract void stopping();

    /** Something to do at every look of the monitor. */
    abstract void tick(long now);

    /** It ended without an answer of the worker; {@code crash} says how the worker died if there is no {@code why}. */
    abstract void lost(@Nullable StopCause why, String crash, long now);

    /** No worker could be had. */
    abstract void unavailable(String message);

    /**
     * Whether doing it again cannot do harm; if so, nothing more leaves on behalf of the attempt that was lost. Asked
     * once, and only when the answer decides.
     */
    abstract boolean abandon();

    final ContentHash hash() {
        return hash;
    }

    final TaskCode code() {
        return code;
    }

    /** Only work of one owner shares a worker. */
    final String owner() {
        return owner;
    }

    final long memoryBytes() {
        return memoryBytes;
    }

    final synchronized int attempts() {
        return attempts;
    }

    /** Whether it must not share a worker. */
    final synchronized boolean alone() {
        return alone;
    }

    final synchronized long runId() {
        return runId;
    }

    /** Nanoseconds since the attempt began. */
    final synchronized long elapsed(long now) {
        return attempts == 0 ? 0 : now - startedAt;
    }

    /** Processor time of the current attempt in nanoseconds, as far as it is known: sampled, or told at its end. */
    final synchronized long cpuNanos() {
        return cpuUsed;
    }

    /** Its worker tells how much processor time it used, in nanoseconds; samples of more count more. */
    final synchronized long cpuTold(long nanos, long now) {
        cpuUsed = Math.max(cpuUsed, Math.min(Math.max(0, nanos), now - startedAt));
        return cpuUsed;
    }

    final synchronized @Nullable StopCause cause() {
        return cause;
    }

    /** Gives it to a worker; the clock runs from here. */
    final void begin(Worker at, long id, long now) {
        synchronized (this) {
            worker = at;
            runId = id;
            startedAt = now;
            nextCpuSample = now;
            cpuBaseline = ProcessFigures.UNKNOWN;
            cpuUsed = 0;
            delivered = false;
            attempts++;
            if (stage == Stage.WAITING) {
                stage = Stage.RUNNING;
            }
        }
        attemptBegins(at, id);
    }

    /** The worker has been told; a stop that came in between follows now. */
    final void delivered() {
        Worker at;
        StopCause why;
        synchronized (this) {
            delivered = true;
            at = worker;
            why = cause;
            if (!abortDue || at == null || why == null || stage != Stage.ABORTING) {
                return;
            }
            abortDue = false;
        }
        at.sendSoon(new Message.Abort(runId(), why.abortName(), why.abortMessage()));
    }

    /** Whether its worker died before it could be told, and not for the umpteenth time. */
    final synchronized boolean neverArrived() {
        return !delivered && undelivered++ < MAX_UNDELIVERED;
    }

    /** Puts it back in line because its worker was lost through no fault of its own. */
    final synchronized void repeat(boolean onItsOwn, boolean countsAsAttempt) {
        stage = Stage.WAITING;
        worker = null;
        alone |= onItsOwn;
        if (!countsAsAttempt) {
            attempts--;
        }
    }

    /** Begins to stop it if it is with a worker; only the first cause counts. */
    final void stop(StopCause why, long now) {
        Worker at;
        boolean tell;
        synchronized (this) {
            if (stage != Stage.RUNNING) {
                return;
            }
            cause = why;
            stage = Stage.ABORTING;
            stageEndsAt = now + graces.abort().toNanos();
            at = worker;
            tell = delivered;
            abortDue = !delivered;
        }
        if (at != null) {
            if (tell) {
                at.sendSoon(new Message.Abort(runId(), why.abortName(), why.abortMessage()));
            }
            at.lookAgainBy(now + graces.abort().toNanos());
        }
        stopping();
    }

    /** Notes why it is lost together with its worker, unless there is a reason already. */
    final synchronized void blame(StopCause why) {
        if (cause == null && stage != Stage.OVER) {
            cause = why;
        }
    }

    /** It has its result; false if it had one already. */
    final synchronized boolean over() {
        boolean first = stage != Stage.OVER;
        stage = Stage.OVER;
        worker = null;
        return first;
    }

    /**
     * Looks after the limits.
     *
     * @return when to look again at the latest, in the time of {@code now}
     */
    final long look(long now, ProcessFigures figures) {
        tick(now);
        Worker at;
        Stage current;
        long due;
        synchronized (this) {
            at = worker;
            current = stage;
            due = stageEndsAt;
        }
        if (at == null) {
            return Long.MAX_VALUE;
        }
        return switch (current) {
            case WAITING, OVER, KILLING -> Long.MAX_VALUE;
            case RUNNING -> lookAtLimits(at, now, figures);
            case ABORTING -> {
                if (now - due < 0) {
                    yield due;
                }
                if (advance(
                        Stage.ABORTING,
                        Stage.TERMINATING,
                        now + graces.terminate().toNanos())) {
                    at.sendSoon(new Message.Terminate(runId()));
                }
                yield now + graces.terminate().toNanos();
            }
            case TERMINATING -> {
                if (now - due < 0) {
                    yield due;
                }
                if (advance(Stage.TERMINATING, Stage.KILLING, now)) {
                    at.kill("did not stop when told to");
                }
                yield Long.MAX_VALUE;
            }
        };
    }

    private synchronized boolean advance(Stage from, Stage to, long endsAt) {
        if (stage != from) {
            return false;
        }
        stage = to;
        stageEndsAt = endsAt;
        return true;
    }

    private long lookAtLimits(Worker at, long now, ProcessFigures figures) {
        long elapsed = elapsed(now);
        if (elapsed >= wallNanos) {
            sampleCpu(at, now, figures);
            stop(new StopCause.Limit(LimitKind.WALL_TIME, millis(elapsed), millis(wallNanos)), now);
            return now;
        }
        long due = now + (wallNanos - elapsed);
        long sampleDue;
        synchronized (this) {
            sampleDue = nextCpuSample;
        }
        if (now - sampleDue >= 0) {
            long used = sampleCpu(at, now, figures);
            if (used >= cpuNanos) {
                stop(new StopCause.Limit(LimitKind.CPU_TIME, millis(used), millis(cpuNanos)), now);
                return now;
            }
            synchronized (this) {
                // One thread cannot use more processor time than passes; until it is found, none is known to be used.
                long atLeast = cpuBaseline == ProcessFigures.UNKNOWN ? 0 : cpuNanos - used;
                nextCpuSample = now + Math.max(atLeast, TimeUnit.MILLISECONDS.toNanos(10));
                sampleDue = nextCpuSample;
            }
        }
        return Math.min(due, sampleDue);
    }

    private long sampleCpu(Worker at, long now, ProcessFigures figures) {
        long total = at.guestCpuNanos(runId(), figures);
        synchronized (this) {
            if (total == ProcessFigures.UNKNOWN) {
                return cpuUsed;
            }
            if (cpuBaseline == ProcessFigures.UNKNOWN) {
                // What the guest's thread had used before this run; the first look comes within a sampling interval.
                cpuBaseline = total;
            }
            cpuUsed = Math.min(Math.max(cpuUsed, total - cpuBaseline), now - startedAt);
            return cpuUsed;
        }
    }

    /** Rounded up, so that what was used is never less than what was allowed. */
    private static long millis(long nanos) {
        return (nanos + 999_999) / 1_000_000;
    }
}

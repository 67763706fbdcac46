package dev.ratchet.execution;

import dev.ratchet.core.execution.LimitKind;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many workers there are, and each one's way from its start to its end: kept ready ahead of work, started again after
 * failures at growing distances, replaced when worn out, let go when idle, mourned when lost. Methods called by workers
 * and by the pool take the roster's lock themselves; {@link #balance} and those of {@link Placement.Staffing} need it.
 */
final class Lifecycle implements Worker.Keeper, Placement.Staffing {
    private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

    private static final long FIRST_BACKOFF_NANOS = Duration.ofMillis(100).toNanos();
    private static final long LONGEST_BACKOFF_NANOS = Duration.ofSeconds(30).toNanos();

    private static final long LONGEST_BACKOFF_WITHOUT_COMPILER_NANOS =
            Duration.ofMinutes(30).toNanos();

    /**
     * So long no work may have been given to workers, and none of them have been starting, before a compiling worker is
     * started ahead of work: its start takes seconds of both processors of a small machine.
     */
    static final long QUIET_NANOS = Duration.ofSeconds(2).toNanos();

    private final Roster roster;
    private final Placement placement;
    private final Monitor monitor;
    private final WorkerPoolSettings settings;
    private final InstantSource clock;
    private final WorkerLauncher launcher;
    private final Path directory;
    private final ProcessFigures figures = ProcessFigures.ofSystem();
    private final SecureRandom random = new SecureRandom();

    // Guarded by the roster's lock.
    private long nextWorker = 1;
    private long lastStart = System.nanoTime();

    /** @param directory where workers' sockets are */
    Lifecycle(
            Roster roster,
            Placement placement,
            WorkerPoolSettings settings,
            InstantSource clock,
            WorkerLauncher launcher,
            Path directory) {
        this.roster = roster;
        this.placement = placement;
        this.monitor = new Monitor(roster, settings.health(), this::look);
        this.settings = settings;
        this.clock = clock;
        this.launcher = launcher;
        this.directory = directory;
    }

    /** Who looks after the workers. */
    Monitor monitor() {
        return monitor;
    }

    /** Starts the workers that are kept ahead of work, and looks after them from now on. */
    void begin() {
        monitor.start();
        PoolActions actions = new PoolActions();
        roster.lock.lock();
        try {
            balance(actions);
        } finally {
            roster.lock.unlock();
        }
        perform(actions);
    }

    /** Keeps one worker for this memory limit ready for the idle time of the settings. */
    void prepare(long memoryBytes) {
        PoolActions actions = new PoolActions();
        roster.lock.lock();
        try {
            roster.need(roster.shape(memoryBytes))
                    .keepUntil(System.nanoTime() + settings.recycling().idle().toNanos());
            balance(actions);
        } finally {
            roster.lock.unlock();
        }
        perform(actions);
    }

    void perform(PoolActions actions) {
        actions.perform(monitor, settings.health());
    }

    /** Gives waiting work to idle workers, then sees to it that enough workers are there or on their way. */
    void balance(PoolActions actions) {
        if (roster.isClosed()) {
            return;
        }
        long now = System.nanoTime();
        placement.giveOut(this, actions);
        if (keepsWorkers()) {
            roster.need(usual());
            roster.need(compiling());
        }
        for (Map.Entry<Shape, Need> entry : roster.needs().entrySet()) {
            Need need = entry.getValue();
            int ahead = wantedAhead(entry.getKey(), need, now);
            int missing = ahead + need.waiting - need.idle.size() - need.starting;
            while (missing-- > 0 && !need.backingOff && hasRoom(entry.getKey())) {
                launch(entry.getKey(), need, actions);
            }
        }
        roster.needs().values().removeIf(Need::isEmpty);
    }

    private Shape usual() {
        return roster.shape(settings.memory().defaultLimitBytes());
    }

    /** The usual shape of workers for code that computes; the same as {@link #usual()} where all are alike. */
    private Shape compiling() {
        return roster.profile() == WorkerProfile.AUTO
                ? new Shape(WorkerProfile.JIT, settings.memory().defaultLimitBytes())
                : usual();
    }

    private boolean isThere(Shape shape) {
        Need need = roster.needs().get(shape);
        return need != null && (need.busy > 0 || !need.idle.isEmpty());
    }

    private boolean isQuiet(long now) {
        return placement.waiting() == 0 && now - quietFrom() >= 0;
    }

    /** When it will be quiet, unless something happens until then. */
    private long quietFrom() {
        long assigned = placement.lastAssigned();
        return (assigned - lastStart > 0 ? assigned : lastStart) + QUIET_NANOS;
    }

    private boolean keepsWorkers() {
        return settings.sizing().minWorkers() > 0 || settings.sizing().spares() > 0;
    }

    /** Idle workers wanted beyond those that work waits for. */
    private int wantedAhead(Shape shape, Need need, long now) {
        int ahead = 0;
        if (shape.equals(usual())) {
            ahead = Math.max(settings.sizing().spares(), settings.sizing().minWorkers() - need.busy);
        } else if (keepsWorkers() && shape.equals(compiling())) {
            // One that failed to start was wanted, and is tried again however busy the others are. One that is there
            // stays, with all that it has compiled.
            boolean startable = isThere(usual()) && (need.failures > 0 || isQuiet(now));
            ahead = startable || !need.idle.isEmpty() ? 1 : 0;
        }
        if (need.keep && now - need.keepUntil < 0) {
            ahead = Math.max(ahead, 1);
        }
        return ahead;
    }

    @Override
    public boolean hasRoom(Shape shape) {
        return roster.live(shape.profile())
                < settings.sizing().maxWorkers() + settings.sizing().spares();
    }

    @Override
    public boolean makeRoom(Shape forShape, PoolActions actions) {
        for (Map.Entry<Shape, Need> entry : roster.needs().entrySet()) {
            Need need = entry.getValue();
            if (takesRoomOf(entry.getKey(), forShape) && !need.idle.isEmpty()) {
                dismiss(need.idle.removeFirst(), need, actions);
                return true;
            }
        }
        for (Worker worker : roster.workers()) {
            Need need = roster.need(worker.shape);
            if (takesRoomOf(worker.shape, forShape)
                    && worker.state == WorkerInfo.State.STARTING
                    && need.starting > need.waiting) {
                need.starting--;
                dismiss(worker, need, actions);
                return true;
            }
        }
        return false;
    }

    /** Workers of one profile need not give way to those of the other, which would lose all that they have compiled. */
    private static boolean takesRoomOf(Shape shape, Shape other) {
        return shape.profile() == other.profile() && !shape.equals(other);
    }

    private static void dismiss(Worker worker, Need need, PoolActions actions) {
        need.keep = false;
        worker.state = WorkerInfo.State.STOPPING;
        actions.kill(worker, "made room for a worker of another memory limit");
    }

    @Override
    public void launch(Shape shape, Need need, PoolActions actions) {
        byte[] token = new byte[32];
        random.nextBytes(token);
        Worker worker = new Worker(
                nextWorker++,
                shape,
                clock.instant(),
                directory,
                HexFormat.of().formatHex(token),
                launcher,
                settings,
                figures,
                this);
        need.starting++;
        lastStart = System.nanoTime();
        roster.add(worker);
        actions.launch(worker);
    }

    @Override
    public void ready(Worker worker) {
        PoolActions actions = new PoolActions();
        roster.lock.lock();
        try {
            if (worker.state != WorkerInfo.State.STARTING) {
                return;
            }
            Need need = roster.need(worker.shape);
            need.starting--;
            need.failures = 0;
            need.backingOff = false;
            if (roster.isClosed()) {
                worker.state = WorkerInfo.State.STOPPING;
                return;
            }
            worker.state = WorkerInfo.State.READY;
            worker.idleSince = System.nanoTime();
            lastStart = worker.idleSince;
            need.idle.addLast(worker);
            balance(actions);
            roster.changed();
        } finally {
            roster.lock.unlock();
        }
        perform(actions);
    }

    @Override
    public void released(Worker worker, Assignment assignment, boolean reusable) {
        PoolActions actions = new PoolActions();
        long now = System.nanoTime();
        roster.lock.lock();
        try {
            worker.active--;
            worker.runs++;
            roster.ran(worker, assignment);
            if (worker.active == 0 && worker.state == WorkerInfo.State.BUSY) {
                Need need = roster.need(worker.shape);
                need.busy--;
                worker.owner = null;
                worker.exclusive = false;
                worker.idleSince = now;
                if (!reusable) {
                    worker.state = WorkerInfo.State.STOPPING;
                    actions.kill(worker, "is spent");
                } else if (worker.isWornOut(now)) {
                    worker.state = WorkerInfo.State.STOPPING;
                    actions.retire(worker);
                } else {
                    worker.state = WorkerInfo.State.READY;
                    need.idle.addLast(worker);
                }
            }
            if (placement.waiting() > 0 || worker.state == WorkerInfo.State.STOPPING) {
                balance(actions);
            }
            roster.changed();
        } finally {
            roster.lock.unlock();
        }
        perform(actions);
    }

    @Override
    public void gone(Worker worker, Worker.Death death) {
        PoolActions actions = new PoolActions();
        List<Assignment> ended = new ArrayList<>();
        List<Runnable> abandoned = new ArrayList<>();
        long now = System.nanoTime();
        roster.lock.lock();
        try {
            leave(worker, death, now);
            List<Assignment> lost = worker.takeAssignments();
            lost.forEach(assignment -> roster.ran(worker, assignment));
            boolean shared = lost.size() > 1;
            // What is broken in a used worker may have been broken by an earlier run.
            boolean innocent = shared || (death.broken() && worker.runs > 0);
            for (Assignment assignment : lost) {
                Runnable again = roster.isClosed() ? null : placement.takeBack(assignment, innocent);
                if (again != null) {
                    abandoned.add(again);
                } else {
                    ended.add(assignment);
                }
            }
            if (ended.size() == 1 && !shared && death.outOfMemory()) {
                Assignment only = ended.getFirst();
                only.blame(new StopCause.Limit(LimitKind.MEMORY, only.memoryBytes(), only.memoryBytes()));
            }
            balance(actions);
            roster.changed();
        } finally {
            roster.lock.unlock();
        }
        abandoned.forEach(Runnable::run);
        for (Assignment assignment : ended) {
            assignment.lost(assignment.cause(), death.detail(), now);
        }
        forget(worker);
        perform(actions);
    }

    /** Only now, because a pool that waits for its workers' ends waits for the results that hang on them too. */
    private void forget(Worker worker) {
        roster.lock.lock();
        try {
            roster.remove(worker);
        } finally {
            roster.lock.unlock();
        }
    }

    @Override
    public void lookBy(long deadline) {
        monitor.lookBy(deadline);
    }

    private void leave(Worker worker, Worker.Death death, long now) {
        Need need = roster.need(worker.shape);
        WorkerInfo.State before = worker.state;
        worker.state = WorkerInfo.State.DEAD;
        switch (before) {
            case STARTING -> {
                need.starting--;
                if (!roster.isClosed()) {
                    startFailed(worker, need, death, now);
                }
            }
            case READY -> {
                need.idle.remove(worker);
                if (!roster.isClosed()) {
                    log.atWarn().addKeyValue("worker", worker.id).log("an idle worker was lost: {}", death.detail());
                }
            }
            case BUSY -> {
                need.busy--;
                log.atInfo().addKeyValue("worker", worker.id).log("a busy worker is gone");
            }
            case STOPPING, DEAD -> {
                // As expected.
            }
        }
    }

    private void startFailed(Worker worker, Need need, Worker.Death death, long now) {
        need.failures++;
        need.lastFailure = death.detail();
        need.backingOff = true;
        need.nextStartAt = now + backoff(worker, need.failures, now);
        log.atWarn()
                .addKeyValue("worker", worker.id)
                .addKeyValue("profile", worker.shape.profile())
                .log("a worker did not start: {}", death.detail());
        monitor.lookBy(now);
    }

    /** Work can do without the compiler, so a machine on which its starts fail slowly is not kept busy with them. */
    private long backoff(Worker worker, int failures, long now) {
        long doubled = FIRST_BACKOFF_NANOS << Math.min(20, failures - 1);
        if (roster.profile() == WorkerProfile.AUTO && worker.shape.profile() == WorkerProfile.JIT) {
            long took = now - worker.launchedAt;
            return Math.min(LONGEST_BACKOFF_WITHOUT_COMPILER_NANOS, Math.max(doubled, took << Math.min(8, failures)));
        }
        return Math.min(LONGEST_BACKOFF_NANOS, doubled);
    }

    /** Ends pauses between starts and lets idle workers go; returns when to look again at the latest. */
    private long look(long now) {
        long due = Long.MAX_VALUE;
        PoolActions actions = new PoolActions();
        roster.lock.lock();
        try {
            boolean rebalance = false;
            for (Need need : roster.needs().values()) {
                if (need.backingOff) {
                    if (now - need.nextStartAt >= 0) {
                        need.backingOff = false;
                        rebalance = true;
                    } else {
                        due = Worker.earlier(due, need.nextStartAt);
                    }
                }
                if (need.keep && now - need.keepUntil >= 0) {
                    need.keep = false;
                }
            }
            if (roster.profile() == WorkerProfile.AUTO && keepsWorkers() && !isThere(compiling())) {
                if (isQuiet(now)) {
                    rebalance = true;
                } else if (now - quietFrom() < 0) {
                    due = Worker.earlier(due, quietFrom());
                }
            }
            retireIdle(now, actions);
            if (rebalance || !actions.isEmpty()) {
                balance(actions);
            }
        } finally {
            roster.lock.unlock();
        }
        perform(actions);
        return due;
    }

    private void retireIdle(long now, PoolActions actions) {
        for (Map.Entry<Shape, Need> entry : roster.needs().entrySet()) {
            Need need = entry.getValue();
            int wanted = wantedAhead(entry.getKey(), need, now);
            int surplus = need.idle.size() - wanted - need.waiting;
            Iterator<Worker> oldestFirst = need.idle.iterator();
            while (oldestFirst.hasNext()) {
                Worker worker = oldestFirst.next();
                boolean idle =
                        now - worker.idleSince >= settings.recycling().idle().toNanos();
                if ((surplus > 0 && idle) || worker.isWornOut(now)) {
                    oldestFirst.remove();
                    surplus--;
                    worker.state = WorkerInfo.State.STOPPING;
                    actions.retire(worker);
                }
            }
        }
    }
}

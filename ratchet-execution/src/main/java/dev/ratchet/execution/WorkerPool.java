package dev.ratchet.execution;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.execution.ExecutionRequest;
import dev.ratchet.core.execution.ExecutionResult;
import dev.ratchet.core.execution.LimitKind;
import dev.ratchet.core.execution.TaskRunner;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.TaskCode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks in worker processes: keeps warm ones, starts others, gives out work, owns every limit, and replaces
 * whatever dies. Thread-safe. Results complete on the threads that read from workers: what depends on them must be
 * quick and must not wait for another run (use the {@code Async} forms otherwise).
 *
 * <pre>{@code
 * WorkerClasspath classpath = WorkerClasspath.ofDistribution(home, javaHome);
 * try (WorkerPool pool = new WorkerPool(WorkerPoolSettings.forCommand(2), classpath, InstantSource.system())) {
 *     ExecutionResult result = pool.start(request).result().join();
 * }
 * }</pre>
 */
public final class WorkerPool implements TaskRunner, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WorkerPool.class);

    /** Largest input and largest package in UTF-8 bytes; a frame has to hold either. */
    private static final long MAX_MESSAGE_BYTES = 64L * 1024 * 1024;

    private static final int START_ATTEMPTS = 3;
    private static final long FIRST_BACKOFF_NANOS = Duration.ofMillis(100).toNanos();
    private static final long LONGEST_BACKOFF_NANOS = Duration.ofSeconds(30).toNanos();
    private static final long SETTLE_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final int MAX_SCANNED = 256;
    private static final Duration CLOSE_WAIT = Duration.ofSeconds(10);

    private final WorkerPoolSettings settings;
    private final InstantSource clock;
    private final WorkerLauncher launcher;
    private final Path directory;
    private final ProcessFigures figures = ProcessFigures.ofSystem();
    private final SecureRandom random = new SecureRandom();
    private final AtomicLong runIds = new AtomicLong();
    private final AtomicLong changes = new AtomicLong();
    private final Keeper keeper = new Keeper();
    private final Thread monitor;
    private final Set<Run> settling = ConcurrentHashMap.newKeySet();
    private volatile long lookAt;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Worker> workers = new CopyOnWriteArrayList<>();
    private final Map<Shape, Need> needs = new HashMap<>();
    private final Deque<Assignment> queue = new ArrayDeque<>();
    private WorkerProfile profile;
    private long nextWorker = 1;
    private boolean compilerProved;
    private boolean closed;

    /** What the pool knows of one shape. */
    private static final class Need {
        private final Deque<Worker> idle = new ArrayDeque<>();
        private int starting;
        private int busy;
        private int waiting;
        private int failures;
        private long nextStartAt;
        private boolean backingOff;
        private long keepUntil;
        private boolean keep;
        private String lastFailure = "";

        private boolean isEmpty() {
            return idle.isEmpty() && starting == 0 && busy == 0 && waiting == 0 && !backingOff && !keep;
        }
    }

    /** Something to be done once the lock is let go. */
    private sealed interface Action {
        record Launch(Worker worker) implements Action {}

        record Dispatch(Worker worker, Assignment assignment) implements Action {}

        record Retire(Worker worker) implements Action {}

        record Kill(Worker worker, String reason) implements Action {}

        record Unavailable(Assignment assignment, String message) implements Action {}
    }

    /**
     * Makes a pool and starts the workers it is to keep.
     *
     * @param clock for times of day that are shown; elapsed time is measured by itself
     * @throws RatchetException when the private directory for sockets cannot be made
     */
    public WorkerPool(WorkerPoolSettings settings, WorkerClasspath classpath, InstantSource clock) {
        this(
                settings,
                profileOf(settings, classpath),
                clock,
                directory -> new JvmLauncher(classpath, settings, directory));
    }

    /** Makes a launcher for a pool's private directory. */
    interface LauncherSource {
        WorkerLauncher in(Path directory);
    }

    WorkerPool(WorkerPoolSettings settings, WorkerProfile profile, InstantSource clock, LauncherSource launchers) {
        this.settings = Objects.requireNonNull(settings, "settings");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.profile = profile;
        this.directory = privateDirectory();
        this.launcher = launchers.in(directory);
        this.lookAt = System.nanoTime();
        this.monitor = Thread.ofPlatform().daemon().name("ratchet-pool-monitor").unstarted(this::watch);
        monitor.start();
        perform(balanced());
    }

    private static WorkerProfile profileOf(WorkerPoolSettings settings, WorkerClasspath classpath) {
        return switch (settings.profile()) {
            case QUICK -> WorkerProfile.QUICK;
            case JIT -> WorkerProfile.JIT;
            case AUTO -> {
                if (classpath.hasCompiler()) {
                    yield WorkerProfile.JIT;
                }
                log.atWarn().log("there is no optimising compiler beside the workers; going on with the interpreter");
                yield WorkerProfile.QUICK;
            }
        };
    }

    /** {@inheritDoc} Waits in a bounded queue until there is one; wall time counts from when the worker has it. */
    @Override
    public Running start(ExecutionRequest request) {
        requireSendable(request.input().value(), "input");
        requireSendable(request.code());
        Run run = new Run(request, settings.graces(), clock, this::settles);
        submit(run);
        CompletableFuture<ExecutionResult> result = run.result();
        return new Running() {
            @Override
            public CompletableFuture<ExecutionResult> result() {
                return result;
            }

            @Override
            public void cancel(String reason) {
                WorkerPool.this.cancel(run, Objects.requireNonNull(reason, "reason"));
            }
        };
    }

    @Override
    public CompletableFuture<List<Problem>> inspect(ContentHash hash, TaskCode code) {
        requireSendable(code);
        Inspection inspection = new Inspection(
                hash, code, settings.memory().defaultLimitBytes(), settings.inspectTimeout(), settings.graces());
        submit(inspection);
        return inspection.result();
    }

    /**
     * Starts a worker for tasks with this memory limit ahead of their coming, if none is there; it is kept for the idle
     * time of the settings.
     */
    public void prepare(long memoryBytes) {
        List<Action> actions;
        lock.lock();
        try {
            keep(need(new Shape(profile, memoryBytes)), System.nanoTime());
            actions = balance();
        } finally {
            lock.unlock();
        }
        perform(actions);
    }

    /** Every worker there is at the moment, oldest first. */
    public List<WorkerInfo> workers() {
        lock.lock();
        try {
            return workers.stream().map(Worker::info).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Executions that wait for a worker. */
    public int queued() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until {@code count} workers are ready or busy.
     *
     * @return false when they are not within {@code atMost}, or when the calling thread was interrupted
     */
    public boolean awaitReady(int count, Duration atMost) {
        return await(
                all -> all.stream()
                                .filter(worker -> worker.state() == WorkerInfo.State.READY
                                        || worker.state() == WorkerInfo.State.BUSY)
                                .count()
                        >= count,
                atMost);
    }

    boolean await(Predicate<List<WorkerInfo>> condition, Duration atMost) {
        long left = atMost.toNanos();
        lock.lock();
        try {
            while (!condition.test(workers.stream().map(Worker::info).toList())) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** The profile in use: what {@link WorkerProfile#AUTO} has come to. */
    public WorkerProfile profile() {
        lock.lock();
        try {
            return profile;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Ends every run as cancelled, kills every worker and removes the private directory. Can be called from a shutdown
     * hook; waits a bounded time. Closing twice is the same as once.
     */
    @Override
    public void close() {
        StopCause why = new StopCause.CancelledBy("the worker pool was closed");
        List<Assignment> waiting;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            waiting = List.copyOf(queue);
            queue.clear();
            for (Worker worker : workers) {
                worker.assignments().forEach(assignment -> assignment.blame(why));
            }
        } finally {
            lock.unlock();
        }
        long now = System.nanoTime();
        waiting.forEach(assignment -> assignment.lost(why, "", now));
        workers.forEach(worker -> worker.kill("was closed with its pool"));
        awaitNoWorkers();
        for (Run run : settling) {
            run.settleNow();
        }
        LockSupport.unpark(monitor);
        removeDirectory();
    }

    private void submit(Assignment assignment) {
        List<Action> actions = new ArrayList<>(2);
        lock.lock();
        try {
            String refusal = refusal(assignment);
            if (refusal != null) {
                actions.add(new Action.Unavailable(assignment, refusal));
            } else {
                Worker worker = queue.isEmpty() ? free(assignment) : null;
                if (worker != null) {
                    assign(worker, assignment, actions);
                } else {
                    queue.addLast(assignment);
                }
                if (worker == null || settings.sizing().spares() > 0) {
                    actions.addAll(balance());
                }
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
        perform(actions);
    }

    private @Nullable String refusal(Assignment assignment) {
        if (closed) {
            return "the worker pool is closed";
        }
        if (queue.size() >= settings.sizing().queueCapacity()) {
            return queue.size()
                    + " runs are waiting for a worker already, which is all the queue holds; try again later"
                    + " or raise its capacity";
        }
        Need need = needs.get(shape(assignment));
        if (need != null
                && need.failures >= START_ATTEMPTS
                && need.backingOff
                && need.idle.isEmpty()
                && need.busy == 0) {
            return startFailure(need);
        }
        return null;
    }

    private void cancel(Run run, String reason) {
        StopCause why = new StopCause.CancelledBy(reason);
        boolean waited;
        lock.lock();
        try {
            waited = queue.remove(run);
        } finally {
            lock.unlock();
        }
        long now = System.nanoTime();
        if (waited) {
            run.lost(why, "", now);
        } else {
            run.stop(why, now);
        }
    }

    private void settles(Run run) {
        settling.add(run);
        lookBy(System.nanoTime() + SETTLE_LOOK_NANOS);
    }

    private Shape shape(Assignment assignment) {
        return new Shape(profile, assignment.memoryBytes());
    }

    private Need need(Shape shape) {
        return needs.computeIfAbsent(shape, _ -> new Need());
    }

    /** A worker that can take it now: an idle one, or with several slots one that works for the same owner. */
    private @Nullable Worker free(Assignment assignment) {
        Need need = needs.get(shape(assignment));
        if (need == null) {
            return null;
        }
        int slots = settings.sizing().slots();
        if (slots > 1 && !assignment.alone() && need.busy > 0) {
            long now = System.nanoTime();
            for (Worker worker : workers) {
                if (worker.state == WorkerInfo.State.BUSY
                        && worker.active < slots
                        && !worker.exclusive
                        && !worker.isWornOut(now)
                        && assignment.owner().equals(worker.owner)
                        && worker.shape.equals(shape(assignment))) {
                    return worker;
                }
            }
        }
        if (busyWorkers() >= settings.sizing().maxWorkers()) {
            return null;
        }
        if (assignment.alone()) {
            for (Worker worker : need.idle) {
                if (worker.runs == 0) {
                    return worker;
                }
            }
        }
        return need.idle.peekLast();
    }

    private int busyWorkers() {
        int busy = 0;
        for (Need need : needs.values()) {
            busy += need.busy;
        }
        return busy;
    }

    private void assign(Worker worker, Assignment assignment, List<Action> actions) {
        Need need = need(worker.shape);
        if (worker.active == 0) {
            need.idle.remove(worker);
            need.busy++;
            worker.state = WorkerInfo.State.BUSY;
            worker.owner = assignment.owner();
            worker.exclusive = assignment.alone();
        }
        worker.active++;
        long now = System.nanoTime();
        if (settings.sizing().spares() > 0) {
            keep(need, now);
        }
        worker.accept(assignment, runIds.incrementAndGet(), now);
        actions.add(new Action.Dispatch(worker, assignment));
    }

    private void keep(Need need, long now) {
        need.keep = true;
        need.keepUntil = now + settings.recycling().idle().toNanos();
    }

    private List<Action> balanced() {
        lock.lock();
        try {
            return balance();
        } finally {
            lock.unlock();
        }
    }

    /** Gives waiting work to idle workers, then sees to it that enough workers are there or on their way. */
    private List<Action> balance() {
        List<Action> actions = new ArrayList<>();
        if (closed) {
            return actions;
        }
        long now = System.nanoTime();
        giveOut(actions);
        Shape usual = new Shape(profile, settings.memory().defaultLimitBytes());
        if (settings.sizing().minWorkers() > 0 || settings.sizing().spares() > 0) {
            need(usual);
        }
        for (Map.Entry<Shape, Need> entry : needs.entrySet()) {
            Need need = entry.getValue();
            int ahead = wantedAhead(entry.getKey().equals(usual), need, now);
            int missing = ahead + need.waiting - need.idle.size() - need.starting;
            while (missing-- > 0 && !need.backingOff && hasRoom()) {
                actions.add(new Action.Launch(newWorker(entry.getKey(), need)));
            }
        }
        needs.values().removeIf(Need::isEmpty);
        return actions;
    }

    /** In order of arrival; work of one memory limit may overtake work of another whose worker is on its way. */
    private void giveOut(List<Action> actions) {
        needs.values().forEach(need -> need.waiting = 0);
        Iterator<Assignment> waiting = queue.iterator();
        int scanned = 0;
        while (waiting.hasNext() && scanned++ < MAX_SCANNED) {
            Assignment assignment = waiting.next();
            Worker worker = free(assignment);
            if (worker != null) {
                waiting.remove();
                assign(worker, assignment, actions);
                continue;
            }
            Need need = need(shape(assignment));
            if (need.failures >= START_ATTEMPTS && need.idle.isEmpty() && need.busy == 0 && need.starting == 0) {
                waiting.remove();
                actions.add(new Action.Unavailable(assignment, startFailure(need)));
                continue;
            }
            if (busyWorkers() >= settings.sizing().maxWorkers()) {
                if (settings.sizing().slots() == 1) {
                    return;
                }
                continue;
            }
            need.waiting++;
            if (need.idle.size() + need.starting >= need.waiting || need.backingOff) {
                continue;
            }
            if (!hasRoom() && !makeRoom(shape(assignment), actions)) {
                // Those behind it must not take every worker that comes free before it.
                return;
            }
            actions.add(new Action.Launch(newWorker(shape(assignment), need)));
        }
    }

    /** Idle workers wanted beyond those that work waits for. */
    private int wantedAhead(boolean usual, Need need, long now) {
        int ahead = 0;
        if (usual) {
            ahead = Math.max(settings.sizing().spares(), settings.sizing().minWorkers() - need.busy);
        }
        if (need.keep && now - need.keepUntil < 0) {
            ahead = Math.max(ahead, 1);
        }
        return ahead;
    }

    private int liveWorkers() {
        int live = 0;
        for (Need need : needs.values()) {
            live += need.idle.size() + need.starting + need.busy;
        }
        return live;
    }

    private boolean hasRoom() {
        return liveWorkers()
                < settings.sizing().maxWorkers() + settings.sizing().spares();
    }

    /** Ends a worker of another shape that nobody waits for; false when there is none. */
    private boolean makeRoom(Shape forShape, List<Action> actions) {
        for (Map.Entry<Shape, Need> entry : needs.entrySet()) {
            Need need = entry.getValue();
            if (!entry.getKey().equals(forShape) && !need.idle.isEmpty()) {
                dismiss(need.idle.removeFirst(), need, actions);
                return true;
            }
        }
        for (Worker worker : workers) {
            Need need = need(worker.shape);
            if (!worker.shape.equals(forShape)
                    && worker.state == WorkerInfo.State.STARTING
                    && need.starting > need.waiting) {
                need.starting--;
                dismiss(worker, need, actions);
                return true;
            }
        }
        return false;
    }

    private static void dismiss(Worker worker, Need need, List<Action> actions) {
        need.keep = false;
        worker.state = WorkerInfo.State.STOPPING;
        actions.add(new Action.Kill(worker, "made room for a worker of another memory limit"));
    }

    private Worker newWorker(Shape shape, Need need) {
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
                keeper);
        need.starting++;
        workers.add(worker);
        return worker;
    }

    private void perform(List<Action> actions) {
        for (Action action : actions) {
            switch (action) {
                case Action.Launch(Worker worker) -> {
                    Thread.ofPlatform()
                            .daemon()
                            .name("ratchet-worker-" + worker.id)
                            .start(worker);
                    lookBy(System.nanoTime() + settings.health().startTimeout().toNanos());
                }
                case Action.Dispatch(Worker worker, Assignment assignment) -> {
                    lookBy(System.nanoTime()
                            + settings.health().samplingInterval().toNanos());
                    worker.dispatch(assignment);
                }
                case Action.Retire(Worker worker) -> worker.retire(System.nanoTime());
                case Action.Kill(Worker worker, String reason) -> worker.kill(reason);
                case Action.Unavailable(Assignment assignment, String message) -> assignment.unavailable(message);
            }
        }
    }

    private String startFailure(Need need) {
        return "no worker could be started in " + need.failures + " attempts; the last one: " + need.lastFailure
                + ". Check the Java installation, the memory of the machine, and whether a distribution is complete.";
    }

    /** What workers tell. */
    private final class Keeper implements Worker.Keeper {
        @Override
        public void ready(Worker worker) {
            List<Action> actions;
            lock.lock();
            try {
                if (worker.state != WorkerInfo.State.STARTING) {
                    return;
                }
                Need need = need(worker.shape);
                need.starting--;
                need.failures = 0;
                need.backingOff = false;
                if (closed) {
                    worker.state = WorkerInfo.State.STOPPING;
                    return;
                }
                compilerProved |= worker.shape.profile() == WorkerProfile.JIT;
                worker.state = WorkerInfo.State.READY;
                worker.idleSince = System.nanoTime();
                need.idle.addLast(worker);
                actions = balance();
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            perform(actions);
        }

        @Override
        public void released(Worker worker, Assignment assignment, boolean reusable) {
            List<Action> actions = new ArrayList<>(1);
            long now = System.nanoTime();
            lock.lock();
            try {
                worker.active--;
                worker.runs++;
                if (worker.active == 0 && worker.state == WorkerInfo.State.BUSY) {
                    Need need = need(worker.shape);
                    need.busy--;
                    worker.owner = null;
                    worker.exclusive = false;
                    worker.idleSince = now;
                    if (!reusable) {
                        worker.state = WorkerInfo.State.STOPPING;
                        actions.add(new Action.Kill(worker, "is spent"));
                    } else if (worker.isWornOut(now)) {
                        worker.state = WorkerInfo.State.STOPPING;
                        actions.add(new Action.Retire(worker));
                    } else {
                        worker.state = WorkerInfo.State.READY;
                        need.idle.addLast(worker);
                    }
                }
                if (!queue.isEmpty() || worker.state == WorkerInfo.State.STOPPING) {
                    actions.addAll(balance());
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
            perform(actions);
        }

        @Override
        public void gone(Worker worker, Worker.Death death) {
            List<Action> actions = new ArrayList<>();
            List<Assignment> ended = new ArrayList<>();
            List<Runnable> abandoned = new ArrayList<>();
            long now = System.nanoTime();
            lock.lock();
            try {
                leave(worker, death, now);
                List<Assignment> lost = worker.takeAssignments();
                boolean shared = lost.size() > 1;
                // What is broken in a used worker may have been broken by an earlier run.
                boolean innocent = shared || (death.broken() && worker.runs > 0);
                for (Assignment assignment : lost) {
                    if (!closed && again(assignment, innocent)) {
                        abandoned.add(assignment.attemptLost());
                        queue.addFirst(assignment);
                    } else {
                        ended.add(assignment);
                    }
                }
                if (ended.size() == 1 && !shared && death.outOfMemory()) {
                    Assignment only = ended.getFirst();
                    only.blame(new StopCause.Limit(LimitKind.MEMORY, only.memoryBytes(), only.memoryBytes()));
                }
                actions.addAll(balance());
                changed.signalAll();
            } finally {
                lock.unlock();
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
            lock.lock();
            try {
                workers.remove(worker);
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void lookBy(long deadline) {
            WorkerPool.this.lookBy(deadline);
        }
    }

    private void leave(Worker worker, Worker.Death death, long now) {
        Need need = need(worker.shape);
        WorkerInfo.State before = worker.state;
        worker.state = WorkerInfo.State.DEAD;
        switch (before) {
            case STARTING -> {
                need.starting--;
                if (!closed) {
                    startFailed(worker, need, death, now);
                }
            }
            case READY -> {
                need.idle.remove(worker);
                if (!closed) {
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
        need.nextStartAt =
                now + Math.min(LONGEST_BACKOFF_NANOS, FIRST_BACKOFF_NANOS << Math.min(20, need.failures - 1));
        log.atWarn().addKeyValue("worker", worker.id).log("a worker did not start: {}", death.detail());
        if (worker.shape.profile() == WorkerProfile.JIT
                && settings.profile() == WorkerProfile.AUTO
                && profile == WorkerProfile.JIT
                && !compilerProved) {
            profile = WorkerProfile.QUICK;
            log.atWarn().log("workers do not start with the optimising compiler; going on with the interpreter");
            need.failures = 0;
            need.backingOff = false;
            need.keep = false;
        }
        lookBy(now);
    }

    /** Whether a lost assignment is to be done again, and if so puts it back into waiting. */
    private static boolean again(Assignment assignment, boolean innocent) {
        if (assignment.cause() != null) {
            return false;
        }
        // A worker may have begun with what the thread that told it has not yet noted as told.
        if (assignment.neverArrived() && assignment.abandon()) {
            assignment.repeat(false, false);
            return true;
        }
        if (innocent && assignment.attempts() == 1 && assignment.abandon()) {
            assignment.repeat(true, true);
            return true;
        }
        return false;
    }

    /** Makes the monitor look no later than {@code deadline}. */
    private void lookBy(long deadline) {
        changes.incrementAndGet();
        if (deadline - lookAt < 0) {
            LockSupport.unpark(monitor);
        }
    }

    private void watch() {
        long seen = -1;
        while (!isClosed()) {
            long before = changes.get();
            long now = System.nanoTime();
            long due = now + settings.health().heartbeatInterval().toNanos();
            try {
                due = Worker.earlier(due, look(now));
            } catch (RuntimeException e) {
                // Without this thread no limit holds, so it outlives its own defects.
                log.atError().setCause(e).log("looking after the workers failed");
                due = now + settings.health().samplingInterval().toNanos();
            }
            if (before != seen) {
                // As long as runs keep coming they are looked after at this pace, so that none has to wake this thread.
                due = Worker.earlier(
                        due, now + settings.health().samplingInterval().toNanos());
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
        for (Worker worker : workers) {
            due = Worker.earlier(due, worker.look(now));
        }
        return Worker.earlier(due, lookAtPool(now));
    }

    private long lookAtPool(long now) {
        long due = Long.MAX_VALUE;
        settling.removeIf(run -> run.settleIfDue(now));
        if (!settling.isEmpty()) {
            due = now + SETTLE_LOOK_NANOS;
        }
        List<Action> actions = new ArrayList<>();
        lock.lock();
        try {
            boolean rebalance = false;
            for (Need need : needs.values()) {
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
            retireIdle(now, actions);
            if (rebalance || !actions.isEmpty()) {
                actions.addAll(balance());
            }
        } finally {
            lock.unlock();
        }
        perform(actions);
        return due;
    }

    private void retireIdle(long now, List<Action> actions) {
        Shape usual = new Shape(profile, settings.memory().defaultLimitBytes());
        for (Map.Entry<Shape, Need> entry : needs.entrySet()) {
            Need need = entry.getValue();
            int wanted = wantedAhead(entry.getKey().equals(usual), need, now);
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
                    actions.add(new Action.Retire(worker));
                }
            }
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed && workers.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void awaitNoWorkers() {
        long left = CLOSE_WAIT.toNanos();
        lock.lock();
        try {
            while (!workers.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private static void requireSendable(TaskCode code) {
        long bytes = 0;
        for (Map.Entry<String, String> file : code.files().entrySet()) {
            bytes += file.getKey().length() + OutputText.utf8Length(file.getValue());
        }
        if (bytes > MAX_MESSAGE_BYTES) {
            throw new RatchetException(
                    ErrorCode.BAD_REQUEST,
                    "the code has " + bytes + " bytes; at most " + MAX_MESSAGE_BYTES + " are accepted");
        }
    }

    private static void requireSendable(String text, String name) {
        // Three bytes for a character is the worst, so most texts need not be counted.
        if (text.length() * 3L > MAX_MESSAGE_BYTES && OutputText.utf8Length(text) > MAX_MESSAGE_BYTES) {
            throw new RatchetException(
                    ErrorCode.BAD_REQUEST,
                    "the " + name + " has " + OutputText.utf8Length(text) + " bytes; at most " + MAX_MESSAGE_BYTES
                            + " are accepted");
        }
    }

    private static Path privateDirectory() {
        try {
            return Files.createTempDirectory("ratchet-");
        } catch (IOException e) {
            throw new RatchetException(
                    ErrorCode.WORKER_UNAVAILABLE,
                    "no private directory for the workers' sockets could be made in the temporary directory: "
                            + e.getMessage(),
                    e);
        }
    }

    private void removeDirectory() {
        try {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
                for (Path file : files) {
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(directory);
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("directory", directory)
                    .setCause(e)
                    .log("a private directory could not be removed");
        }
    }
}

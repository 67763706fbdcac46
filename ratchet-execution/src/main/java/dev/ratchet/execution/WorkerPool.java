package dev.ratchet.execution;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.execution.ExecutionRequest;
import dev.ratchet.core.execution.ExecutionResult;
import dev.ratchet.core.execution.TaskRunner;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.TaskCode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
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

    private static final Duration CLOSE_WAIT = Duration.ofSeconds(10);

    private final WorkerPoolSettings settings;
    private final InstantSource clock;
    private final PrivateDirectory directory;
    private final Roster roster;
    private final Placement placement;
    private final Lifecycle lifecycle;
    private final Monitor monitor;

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
        this.directory = PrivateDirectory.make();
        this.roster = new Roster(profile);
        this.placement = new Placement(roster, settings);
        this.lifecycle =
                new Lifecycle(roster, placement, settings, clock, launchers.in(directory.path()), directory.path());
        this.monitor = lifecycle.monitor();
        lifecycle.begin();
    }

    private static WorkerProfile profileOf(WorkerPoolSettings settings, WorkerClasspath classpath) {
        return switch (settings.profile()) {
            case QUICK -> WorkerProfile.QUICK;
            case JIT -> WorkerProfile.JIT;
            case AUTO -> {
                if (classpath.hasCompiler()) {
                    yield WorkerProfile.AUTO;
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
        Run run = new Run(request, settings.graces(), clock, monitor::settles);
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
        lifecycle.prepare(memoryBytes);
    }

    /** Every worker there is at the moment, oldest first. Reads what the system tells of each process. */
    public List<WorkerInfo> workers() {
        Instant now = clock.instant();
        List<WorkerInfo> infos = new ArrayList<>();
        roster.snapshot().forEach((worker, info) -> infos.add(worker.measured(info, now)));
        return infos;
    }

    /** Executions that wait for a worker. */
    public int queued() {
        roster.lock.lock();
        try {
            return placement.waiting();
        } finally {
            roster.lock.unlock();
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

    /** Waits for a condition of the workers, whose processes are not measured for it. */
    boolean await(Predicate<List<WorkerInfo>> condition, Duration atMost) {
        return roster.await(condition, atMost.toNanos());
    }

    /** The profile in use; {@link WorkerProfile#QUICK} instead of {@link WorkerProfile#AUTO} without a compiler. */
    public WorkerProfile profile() {
        return roster.profile();
    }

    /**
     * Why tasks that compute run in the interpreter although there is a compiler: its workers do not start, and are tried
     * again from time to time. Empty while there is no such trouble.
     */
    public Optional<String> compilerTrouble() {
        roster.lock.lock();
        try {
            return roster.compilerTrouble();
        } finally {
            roster.lock.unlock();
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
        roster.lock.lock();
        try {
            if (roster.isClosed()) {
                return;
            }
            roster.close();
            waiting = placement.withdrawAll();
            for (Worker worker : roster.workers()) {
                worker.assignments().forEach(assignment -> assignment.blame(why));
            }
        } finally {
            roster.lock.unlock();
        }
        long now = System.nanoTime();
        waiting.forEach(assignment -> assignment.lost(why, "", now));
        roster.workers().forEach(worker -> worker.kill("was closed with its pool"));
        roster.await(List::isEmpty, CLOSE_WAIT.toNanos());
        monitor.settleAll();
        monitor.wake();
        directory.close();
    }

    private void submit(Assignment assignment) {
        PoolActions actions = new PoolActions();
        roster.lock.lock();
        try {
            String refusal = roster.isClosed() ? "the worker pool is closed" : placement.refusal(assignment);
            if (refusal != null) {
                actions.unavailable(assignment, refusal);
            } else {
                boolean placed = placement.place(assignment, actions);
                if (!placed || settings.sizing().spares() > 0) {
                    lifecycle.balance(actions);
                }
                roster.changed();
            }
        } finally {
            roster.lock.unlock();
        }
        lifecycle.perform(actions);
    }

    private void cancel(Run run, String reason) {
        StopCause why = new StopCause.CancelledBy(reason);
        long now = System.nanoTime();
        if (!withdrawn(run)) {
            run.stop(why, now);
            // Its worker may have been lost meanwhile, and the run be in line again or with another worker.
            if (!withdrawn(run)) {
                run.stop(why, now);
                return;
            }
        }
        run.lost(why, "", now);
    }

    private boolean withdrawn(Run run) {
        roster.lock.lock();
        try {
            return placement.withdraw(run);
        } finally {
            roster.lock.unlock();
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
}

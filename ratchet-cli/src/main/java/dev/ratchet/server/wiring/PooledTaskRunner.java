package dev.ratchet.server.wiring;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.execution.ExecutionRequest;
import dev.ratchet.core.execution.TaskRunner;
import dev.ratchet.core.health.HealthCheck;
import dev.ratchet.core.health.HealthStatus;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.TaskCode;
import dev.ratchet.execution.WorkerInfo;
import dev.ratchet.execution.WorkerPool;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The server's worker pool, from its start to its end. A pool launches processes as soon as it exists, and on a machine
 * with few processors that would slow down the start of the server itself; so it is made late, when everything else is
 * there. Thread-safe.
 */
public final class PooledTaskRunner implements TaskRunner, HealthCheck {
    private final Supplier<WorkerPool> source;
    private volatile @Nullable WorkerPool pool;

    /** @param source makes the pool; called once, by {@link #start()} */
    PooledTaskRunner(Supplier<WorkerPool> source) {
        this.source = Objects.requireNonNull(source, "source");
    }

    void start() {
        pool = source.get();
    }

    void stop() {
        WorkerPool running = pool;
        if (running != null) {
            running.close();
        }
    }

    /** The pool; empty before the server has come that far. */
    public Optional<WorkerPool> pool() {
        return Optional.ofNullable(pool);
    }

    /** Every worker there is at the moment, oldest first. */
    public List<WorkerInfo> workers() {
        return pool().map(WorkerPool::workers).orElse(List.of());
    }

    /** @throws RatchetException before the server has started */
    @Override
    public Running start(ExecutionRequest request) {
        return running().start(request);
    }

    /** @throws RatchetException before the server has started */
    @Override
    public CompletableFuture<List<Problem>> inspect(ContentHash hash, TaskCode code) {
        return running().inspect(hash, code);
    }

    private WorkerPool running() {
        return pool().orElseThrow(() -> new RatchetException(
                ErrorCode.WORKER_UNAVAILABLE, "the server is starting and has no workers yet; try again in a moment"));
    }

    @Override
    public String name() {
        return "workers";
    }

    /** Degraded while none is warm: work is accepted then, and waits; or while they lack the compiler they should have. */
    @Override
    public HealthStatus check() {
        List<WorkerInfo> workers = workers();
        long warm = workers.stream()
                .filter(worker -> worker.state() == WorkerInfo.State.READY || worker.state() == WorkerInfo.State.BUSY)
                .count();
        String message = warm + " of " + workers.size() + " workers are warm";
        Optional<String> trouble = pool().flatMap(WorkerPool::compilerTrouble);
        if (trouble.isPresent()) {
            return HealthStatus.degraded(message
                    + "; tasks that compute are slow, since no worker with the optimising compiler starts (it is tried again"
                    + " from time to time): " + trouble.get());
        }
        return warm > 0 ? HealthStatus.healthy(message) : HealthStatus.degraded(message);
    }
}

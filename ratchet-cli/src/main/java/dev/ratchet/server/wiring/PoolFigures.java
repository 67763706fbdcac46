package dev.ratchet.server.wiring;

import dev.ratchet.execution.WorkerInfo;
import dev.ratchet.execution.WorkerPool;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The pool in figures. Looks at it once a second at most, because every look reads from the system. */
final class PoolFigures implements MeterBinder {
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final PooledTaskRunner runner;
    private Look last = new Look(List.of(), 0, System.nanoTime() - FRESH_NANOS);

    private record Look(List<WorkerInfo> workers, int queued, long at) {}

    PoolFigures(PooledTaskRunner runner) {
        this.runner = runner;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (WorkerInfo.State state : WorkerInfo.State.values()) {
            if (state != WorkerInfo.State.DEAD) {
                Gauge.builder("ratchet.workers", this, figures -> figures.count(state))
                        .description("Worker processes by what they are doing")
                        .tag("state", state.name().toLowerCase(Locale.ROOT))
                        .register(registry);
            }
        }
        Gauge.builder("ratchet.workers.resident", this, PoolFigures::resident)
                .description("Resident memory of all worker processes")
                .baseUnit("bytes")
                .register(registry);
        Gauge.builder("ratchet.workers.executions", this, PoolFigures::executions)
                .description("Executions under way in workers")
                .register(registry);
        Gauge.builder("ratchet.workers.waiting", this, figures -> figures.look().queued())
                .description("Executions that wait for a worker")
                .register(registry);
    }

    private double count(WorkerInfo.State state) {
        return look().workers().stream()
                .filter(worker -> worker.state() == state)
                .count();
    }

    private double resident() {
        return look().workers().stream()
                .map(WorkerInfo::residentBytes)
                .filter(Objects::nonNull)
                .mapToLong(Long::longValue)
                .sum();
    }

    private double executions() {
        return look().workers().stream()
                .mapToInt(worker -> worker.executions().size())
                .sum();
    }

    private synchronized Look look() {
        long now = System.nanoTime();
        if (now - last.at() >= FRESH_NANOS) {
            last = new Look(
                    runner.workers(), runner.pool().map(WorkerPool::queued).orElse(0), now);
        }
        return last;
    }
}

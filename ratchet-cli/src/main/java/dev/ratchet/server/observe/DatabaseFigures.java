package dev.ratchet.server.observe;

import dev.ratchet.storage.DatabaseState;
import dev.ratchet.storage.DatabaseState.Totals;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database in figures. Rows are counted in the background and now and then: nobody who reads figures waits for it, and
 * it takes at most a hundredth of the time.
 */
public final class DatabaseFigures implements MeterBinder {
    private static final Logger log = LoggerFactory.getLogger(DatabaseFigures.class);

    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int SHARE_OF_TIME = 100;

    private final DatabaseState state;
    private final LongSupplier nanoTime;
    private final AtomicBoolean counting = new AtomicBoolean();
    private volatile Counted counted;

    /** @param freshUntil when to count again, by the ticker */
    private record Counted(Totals totals, long freshUntil) {}

    /** @param nanoTime elapsed time, as {@link System#nanoTime()} has it */
    public DatabaseFigures(DatabaseState state, LongSupplier nanoTime) {
        this.state = state;
        this.nanoTime = nanoTime;
        this.counted = new Counted(new Totals(0, 0, 0, 0), nanoTime.getAsLong());
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        // The first figures are to be there before anybody asks.
        countSoon();
        total(registry, "tasks", "Tasks", Totals::tasks);
        total(registry, "executions", "Executions that are kept", Totals::executions);
        total(registry, "jobs", "Jobs that are kept", Totals::jobs);
        total(registry, "schedules", "Schedules", Totals::schedules);
        gauge(registry, "connections.active", "Connections in use", DatabaseState::activeConnections);
        gauge(registry, "connections.idle", "Open connections that are not in use", DatabaseState::idleConnections);
        gauge(
                registry,
                "connections.pending",
                "Threads that wait for a connection",
                DatabaseState::waitingForConnections);
        gauge(registry, "writes.waiting", "Writes that wait for a transaction", database -> database.commits()
                .waiting());
        counter(
                registry,
                "transactions",
                "Transactions that committed one write or several together",
                database -> database.commits().transactions());
        counter(registry, "writes", "Writes that were committed in them", database -> database.commits()
                .writes());
    }

    private void total(MeterRegistry registry, String what, String description, ToDoubleFunction<Totals> value) {
        Gauge.builder("ratchet." + what + ".total", this, figures -> value.applyAsDouble(figures.totals()))
                .description(description)
                .register(registry);
    }

    private void gauge(MeterRegistry registry, String name, String description, ToDoubleFunction<DatabaseState> value) {
        Gauge.builder("ratchet.database." + name, state, value)
                .description(description)
                .register(registry);
    }

    private void counter(
            MeterRegistry registry, String name, String description, ToDoubleFunction<DatabaseState> value) {
        FunctionCounter.builder("ratchet.database." + name, state, value)
                .description(description)
                .register(registry);
    }

    /** What was counted last. */
    private Totals totals() {
        Counted known = counted;
        if (nanoTime.getAsLong() - known.freshUntil() >= 0) {
            countSoon();
        }
        return known.totals();
    }

    /** On a thread of the platform: with SQLite counting is a native call, which would hold up a carrier. */
    private void countSoon() {
        if (counting.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("ratchet-totals").start(this::count);
        }
    }

    private void count() {
        long begun = nanoTime.getAsLong();
        Totals totals = counted.totals();
        try {
            totals = state.totals();
        } catch (RuntimeException e) {
            log.atWarn().setCause(e).log("rows cannot be counted; the figures stay as they are");
        } finally {
            long now = nanoTime.getAsLong();
            counted = new Counted(totals, now + Math.max(FRESH_NANOS, SHARE_OF_TIME * (now - begun)));
            counting.set(false);
        }
    }
}

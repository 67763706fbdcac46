package dev.ratchet.core.schedule;

import dev.ratchet.core.common.Alarm;
import dev.ratchet.core.common.Cancellation.Registration;
import dev.ratchet.core.common.Signals;
import dev.ratchet.core.common.Transactions;
import dev.ratchet.core.job.Jobs;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fires schedules on one server: waits for the time of the next one, or for a change to any of them, and settles what is
 * due. Nothing is loaded beforehand, so the number of schedules costs nothing at the start. Any number of servers may
 * have one on the same database. Thread-safe.
 *
 * <p>Threads: one, virtual.
 */
public final class ScheduleTicker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ScheduleTicker.class);

    /** Longest wait: signals may be lost, and clocks may be set. */
    private static final Duration POLL = Duration.ofSeconds(1);

    /** Wait while other servers settle what is due. */
    private static final Duration OTHERS = Duration.ofMillis(100);

    private final ScheduleStore store;
    private final DueSchedules due;
    private final Signals signals;
    private final InstantSource clock;

    private final List<Registration> registrations = new ArrayList<>();
    private final Alarm alarm = new Alarm();
    private final Thread thread;

    /**
     * @param store keeps schedules
     * @param jobs takes what they make
     * @param transactions of the database both use
     * @param signals tells of changes
     */
    public ScheduleTicker(
            ScheduleStore store, Jobs jobs, Transactions transactions, Signals signals, InstantSource clock) {
        this.store = Objects.requireNonNull(store, "store");
        this.due = new DueSchedules(store, jobs, transactions, signals, clock);
        this.signals = Objects.requireNonNull(signals, "signals");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.thread = Thread.ofVirtual().name("ratchet-schedules").unstarted(this::loop);
    }

    /** Begins to fire; once. */
    public void start() {
        registrations.add(signals.on(Signals.Topic.SCHEDULES, _ -> alarm.ring()));
        thread.start();
    }

    private void loop() {
        Duration wait = Duration.ZERO;
        while (alarm.sleep(wait)) {
            wait = tick();
        }
    }

    /** Settles a batch of what is due, and says how long there is to wait for the next. */
    private Duration tick() {
        try {
            return switch (due.settle()) {
                case SETTLED -> Duration.ZERO;
                case TAKEN -> OTHERS;
                case FULL -> POLL;
                case NOTHING -> untilNext();
            };
        } catch (RuntimeException e) {
            log.atWarn().setCause(e).log("cannot look for due schedules; trying again");
            return POLL;
        }
    }

    private Duration untilNext() {
        Optional<Instant> next = store.nextFire();
        return next.map(time -> Duration.between(clock.instant(), time))
                .filter(until -> until.compareTo(POLL) < 0)
                .orElse(POLL);
    }

    /** Fires no more; returns when what was being settled is. Does nothing when it was never started. */
    @Override
    public void close() {
        registrations.forEach(Registration::close);
        alarm.stop();
        if (thread.getState() == Thread.State.NEW) {
            return;
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

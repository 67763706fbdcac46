package dev.ratchet.server.lifecycle;

import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Until when what is under way may go on once the server stops. The parts stop one after the other, and have the time
 * together: had each of them all of it, the last would be cut off before it can hand back what it runs.
 */
public final class StopDeadline implements ApplicationListener<ContextClosedEvent> {
    private final Duration time;
    private final LongSupplier nanoTime;
    private volatile long end;

    /** @param time from the moment the stop begins */
    public StopDeadline(Duration time) {
        this(time, System::nanoTime);
    }

    StopDeadline(Duration time, LongSupplier nanoTime) {
        this.time = Objects.requireNonNull(time, "time");
        this.nanoTime = nanoTime;
        begin();
    }

    /** Comes before any part stops. */
    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        begin();
    }

    void begin() {
        end = nanoTime.getAsLong() + time.toNanos();
    }

    /** What is left of the time, not negative. */
    public Duration left() {
        return Duration.ofNanos(Math.max(0, end - nanoTime.getAsLong()));
    }
}

package dev.ratchet.core.common;

import java.util.ArrayList;
import java.util.List;

/**
 * A one-way switch from the party that wants work to stop to the parties doing it. Thread-safe; cancelling twice is the
 * same as once.
 *
 * <pre>{@code
 * Cancellation cancellation = new Cancellation();
 * try (var registration = cancellation.onCancel(request::abort)) {
 *     request.execute();
 * }
 * }</pre>
 */
public final class Cancellation {
    private final List<Runnable> actions = new ArrayList<>();
    private boolean cancelled;

    /** Removes the action it was returned for; never throws. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /** Whether {@link #cancel()} has been called. */
    public synchronized boolean isCancelled() {
        return cancelled;
    }

    /** Runs every registered action on the calling thread, and every later one at once when it registers. */
    public void cancel() {
        List<Runnable> due;
        synchronized (this) {
            if (cancelled) {
                return;
            }
            cancelled = true;
            due = List.copyOf(actions);
            actions.clear();
        }
        due.forEach(Runnable::run);
    }

    /**
     * Runs {@code action} once when cancelled, at once if that has happened already. The action must be quick and must
     * not throw.
     */
    public Registration onCancel(Runnable action) {
        synchronized (this) {
            if (!cancelled) {
                actions.add(action);
                return () -> remove(action);
            }
        }
        action.run();
        return () -> {};
    }

    private synchronized void remove(Runnable action) {
        actions.remove(action);
    }
}

package dev.ratchet.core.execution;

import dev.ratchet.core.common.Cancellation.Registration;
import dev.ratchet.core.id.ExecutionId;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Tells those who wait for an execution what happens to it, within this process. Thread-safe. Listeners are called on
 * the publisher's thread and must be quick.
 */
public final class ExecutionEvents {
    private final ConcurrentMap<ExecutionId, List<Consumer<ExecutionEvent>>> listeners = new ConcurrentHashMap<>();

    /** Hears of one execution until the registration is closed. */
    public Registration subscribe(ExecutionId execution, Consumer<ExecutionEvent> listener) {
        listeners.compute(execution, (_, before) -> {
            List<Consumer<ExecutionEvent>> all = before == null ? new CopyOnWriteArrayList<>() : before;
            all.add(listener);
            return all;
        });
        return () -> listeners.computeIfPresent(execution, (_, all) -> {
            all.remove(listener);
            return all.isEmpty() ? null : all;
        });
    }

    /** Tells whoever listens. */
    public void publish(ExecutionEvent event) {
        List<Consumer<ExecutionEvent>> interested = listeners.get(event.execution());
        if (interested != null) {
            interested.forEach(listener -> listener.accept(event));
        }
    }
}

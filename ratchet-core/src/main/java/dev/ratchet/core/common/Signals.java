package dev.ratchet.core.common;

import dev.ratchet.core.common.Cancellation.Registration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Wakes those who wait for a change in the database. Signals may be lost and may come twice: whoever waits looks again
 * after a while all the same. Thread-safe; listeners must be quick.
 */
public interface Signals {
    /** What has changed. */
    enum Topic {
        /** Jobs can be claimed. */
        JOBS,
        /** A running job is to be stopped; the detail is its identifier. */
        CANCEL,
        /** An execution has another status; the detail is its identifier. */
        EXECUTIONS,
        /** Deliveries are due. */
        DELIVERIES,
        /** A schedule was made, changed or removed. */
        SCHEDULES
    }

    /** Tells every listener of this topic, on every node. Called after the change is committed. */
    void raise(Topic topic, String detail);

    /** Hears of a topic until the registration is closed. */
    Registration on(Topic topic, Consumer<String> listener);

    /** Signals within one process, which is all there is to a database in a file. */
    static Signals local() {
        return new Signals() {
            private final Map<Topic, List<Consumer<String>>> listeners = new ConcurrentHashMap<>();

            @Override
            public void raise(Topic topic, String detail) {
                listeners.getOrDefault(topic, List.of()).forEach(listener -> listener.accept(detail));
            }

            @Override
            public Registration on(Topic topic, Consumer<String> listener) {
                List<Consumer<String>> all = listeners.computeIfAbsent(topic, _ -> new CopyOnWriteArrayList<>());
                all.add(listener);
                return () -> all.remove(listener);
            }
        };
    }
}

package dev.ratchet.server.settings;

import dev.ratchet.execution.WorkerClasspath;
import dev.ratchet.execution.WorkerPoolSettings;
import java.util.Objects;

/**
 * The workers of a server.
 *
 * @param pool how many there are, and what each may use
 * @param classpath what they are started from
 */
public record WorkerSettings(WorkerPoolSettings pool, WorkerClasspath classpath) {
    public WorkerSettings {
        Objects.requireNonNull(pool, "pool");
        Objects.requireNonNull(classpath, "classpath");
    }
}

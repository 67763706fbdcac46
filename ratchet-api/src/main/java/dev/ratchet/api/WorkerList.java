package dev.ratchet.api;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.UUID;

/** Port to whoever knows the processes in which tasks run. */
@FunctionalInterface
public interface WorkerList {
    /** The workers of this server at this moment. */
    List<Worker> workers();

    /** What a worker is doing. */
    enum Status {
        /** Warm, or warming up, without a task. */
        IDLE,
        /** Runs at least one execution. */
        RUNNING,
        /** Takes no more work. */
        STOPPING,
        /** Has died and is not replaced yet. */
        ERROR
    }

    /**
     * A process.
     *
     * @param id number within the server, from 1, never used again
     * @param pid of the operating system; empty before there is one
     * @param status what it is doing
     * @param taskCount executions finished in it
     * @param executions under way in it
     * @param uptime since it was asked for
     * @param residentBytes resident memory, where the system tells
     * @param cpuPercent processor time over its life in percent of one processor, where the system tells
     * @param lastHeartbeat when it was last known to live
     * @param engine name and version of the JavaScript engine; empty until it is ready
     */
    record Worker(
            long id,
            OptionalLong pid,
            Status status,
            long taskCount,
            List<UUID> executions,
            Duration uptime,
            OptionalLong residentBytes,
            OptionalDouble cpuPercent,
            Instant lastHeartbeat,
            String engine) {
        public Worker {
            executions = List.copyOf(executions);
        }

        /** The execution it shows as the one it runs. */
        public Optional<UUID> current() {
            return executions.stream().findFirst();
        }
    }
}

package dev.ratchet.execution;

import java.io.IOException;
import java.nio.file.Path;

/** Starts worker processes; apart from the pool so that it can be tested with workers that misbehave on purpose. */
interface WorkerLauncher {
    /**
     * Starts a process that connects to {@code socket} and presents {@code token} there.
     *
     * @throws IOException when no process could be started
     */
    WorkerProcess launch(Shape shape, Path socket, String token) throws IOException;
}

package dev.ratchet.core.task;

import dev.ratchet.core.common.Problem;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Port to whoever can tell whether code would run. */
public interface CodeInspector {
    /**
     * Checks in a worker that the code parses and has a callable entry, running the file's top level but not its
     * function.
     *
     * @return empty when it does; otherwise problems with the task's file, line and column
     */
    CompletableFuture<List<Problem>> inspect(ContentHash hash, TaskCode code);
}

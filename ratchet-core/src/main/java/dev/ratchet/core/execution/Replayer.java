package dev.ratchet.core.execution;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.task.TaskPackage;
import java.util.concurrent.CompletableFuture;

/** Port to replaying: runs what was recorded once more, with the recorded answers and nothing leaving. */
public interface Replayer {
    /**
     * Replays on the given code, which may be another version than the recorded one.
     *
     * @param recording as {@link RunRecorder} gave it
     * @return a report as a JSON object: whether both runs are equal, and where they differ
     */
    CompletableFuture<JsonText> replay(JsonText recording, TaskPackage content);
}

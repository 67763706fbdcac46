package dev.ratchet.core.execution;

import dev.ratchet.core.common.JsonText;
import java.util.Optional;

/** Port to recording: keeps of a run what a replay of it needs. Thread-safe. */
public interface RunRecorder {
    /** One run being recorded. */
    interface RecordedRun {
        /** The run to make in place of the one given. */
        ExecutionRequest request();

        /** What is to be kept of the finished run; empty when its outcome is not worth keeping. */
        Optional<JsonText> finish(ExecutionResult result);
    }

    /** Begins a recording. */
    RecordedRun open(ExecutionRequest request);

    /** Keeps nothing. */
    RunRecorder NONE = request -> new RecordedRun() {
        @Override
        public ExecutionRequest request() {
            return request;
        }

        @Override
        public Optional<JsonText> finish(ExecutionResult result) {
            return Optional.empty();
        }
    };
}

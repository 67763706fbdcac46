package dev.ratchet.execution.recording;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.execution.ExecutionListener;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.execution.ExecutionRequest;
import dev.ratchet.core.execution.ExecutionResult;
import dev.ratchet.core.execution.Replayer;
import dev.ratchet.core.execution.RunRecorder;
import dev.ratchet.core.execution.TaskExecutor;
import dev.ratchet.core.task.TaskPackage;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Records every run into a JSON document and replays such documents: what a server keeps of its runs. The document is
 * the {@code recording.json} that the command line writes and reads.
 */
public final class StoredRecordings implements RunRecorder, Replayer {
    private final TaskExecutor executor;
    private final InstantSource clock;
    private final Policy policy;
    private final BodyLimits limits;

    /** Which runs are worth keeping. */
    public enum Policy {
        ALL,
        /** Those that did not succeed. */
        FAILURES
    }

    public StoredRecordings(TaskExecutor executor, InstantSource clock, Policy policy, BodyLimits limits) {
        this.executor = Objects.requireNonNull(executor, "executor");
        this.clock = Objects.requireNonNull(clock, "clock");
        this.policy = Objects.requireNonNull(policy, "policy");
        this.limits = Objects.requireNonNull(limits, "limits");
    }

    @Override
    public RecordedRun open(ExecutionRequest request) {
        Recorder recorder = new Recorder(clock, limits);
        ExecutionRequest attached = recorder.attach(request);
        return new RecordedRun() {
            @Override
            public ExecutionRequest request() {
                return attached;
            }

            @Override
            public Optional<JsonText> finish(ExecutionResult result) {
                boolean kept = policy == Policy.ALL || !(result.outcome() instanceof Succeeded);
                // A task that did not run has nothing to replay.
                return kept && result.attempts() > 0
                        ? Optional.of(new JsonText(Json.write(RecordingJson.toTree(recorder.finish(result)))))
                        : Optional.empty();
            }
        };
    }

    @Override
    public CompletableFuture<JsonText> replay(JsonText recording, TaskPackage content) {
        Recording recorded = RecordingJson.fromTree("recording", Json.parse("recording", recording));
        Replay replay = new Replay(recorded, content, recorded.limits(), clock);
        return executor.start(content, replay.request(ExecutionListener.SILENT))
                .result()
                .thenApplyAsync(
                        result -> replay.report(result).toJson(),
                        task -> Thread.ofVirtual().name("ratchet-replay-report").start(task));
    }
}

package dev.ratchet.execution.recording;

import dev.ratchet.core.execution.Determinism;
import dev.ratchet.core.execution.Determinism.GuestClock;
import dev.ratchet.core.execution.ExecutionListener;
import dev.ratchet.core.execution.ExecutionRequest;
import dev.ratchet.core.execution.ExecutionResult;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.core.execution.TaskExecutor;
import dev.ratchet.core.http.FetchJournal;
import dev.ratchet.core.secret.Secrets;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.execution.recording.Recording.Exchange;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Runs a task again exactly as it was recorded: same input, context, seed, clock readings and answers, placeholders for
 * secrets, no network, no waiting. Good for one run.
 *
 * <pre>{@code
 * Replay replay = new Replay(recording, task, recording.limits(), clock);
 * ReplayReport report = replay.run(executor, ExecutionListener.SILENT);
 * }</pre>
 */
public final class Replay {
    private final Recording recording;
    private final TaskPackage task;
    private final TaskLimits limits;
    private final Secrets placeholders;
    private final RecordedFetches fetches;
    private final Recorder recorder;

    /**
     * @param recording what happened
     * @param task the code to run, changed or not
     * @param limits limits of the replay; normally those of the recording
     * @param clock tells when the replay was made
     */
    public Replay(Recording recording, TaskPackage task, TaskLimits limits, InstantSource clock) {
        this.recording = Objects.requireNonNull(recording, "recording");
        this.task = Objects.requireNonNull(task, "task");
        this.limits = Objects.requireNonNull(limits, "limits");
        this.placeholders = Secrets.placeholders(recording.secretNames());
        this.fetches = new RecordedFetches(recording, new SecretForms(placeholders));
        this.recorder = new Recorder(clock, BodyLimits.DEFAULT);
    }

    /**
     * The run to make; for those who start it themselves and hand its result to {@link #report}.
     *
     * @param listener hears the replay's logs and progress
     * @throws IllegalStateException on the second call
     */
    public ExecutionRequest request(ExecutionListener listener) {
        return recorder.attach(new ExecutionRequest(
                recording.context(),
                task.contentHash(),
                task.code(),
                recording.input(),
                limits,
                placeholders,
                new Determinism(
                        recording.seed(),
                        new GuestClock.Recorded(
                                recording.trace().clock(), recording.trace().settlements())),
                true,
                fetches,
                FetchJournal.NONE,
                listener));
    }

    /** Compares a finished replay with the recording. */
    public ReplayReport report(ExecutionResult result) {
        Recording now = recorder.finish(result);
        List<Exchange> exchanges = fetches.made();
        Recording replayed = new Recording(
                now.createdAt(),
                now.context(),
                now.contentHash(),
                now.input(),
                now.outcome(),
                now.wallTime(),
                now.limits(),
                now.seed(),
                recording.clockStartTicks(),
                now.trace(),
                now.secretNames(),
                now.console(),
                now.droppedLogBytes(),
                now.progress(),
                now.progressCut(),
                exchanges);
        return new ReplayReport(
                recording,
                replayed,
                Outcomes.differences(recording.outcome(), replayed.outcome()),
                fetches.divergences(),
                LineDiff.between(consoleLines(recording), consoleLines(replayed)),
                notes(replayed));
    }

    /** Makes the run and waits for it on the calling thread. */
    public ReplayReport run(TaskExecutor executor, ExecutionListener listener) {
        return report(executor.start(task, request(listener)).result().join());
    }

    private static List<String> consoleLines(Recording run) {
        return run.console().stream().map(Replay::consoleLine).toList();
    }

    private static String consoleLine(LogLine line) {
        return line.level() + " " + line.message();
    }

    private List<String> notes(Recording replayed) {
        List<String> notes = new ArrayList<>();
        if (!recording.context().taskName().equals(task.metadata().name())) {
            notes.add("recorded from task " + recording.context().taskName() + ", replayed on "
                    + task.metadata().name());
        }
        if (!recording.contentHash().equals(replayed.contentHash())) {
            notes.add("the task has changed since the recording: content "
                    + recording.contentHash().hex().substring(0, 12) + " is now "
                    + replayed.contentHash().hex().substring(0, 12));
        }
        if (!recording.trace().complete()) {
            notes.add("the recording's clock readings or settlements are cut, so the replay may differ without cause");
        }
        return notes;
    }
}

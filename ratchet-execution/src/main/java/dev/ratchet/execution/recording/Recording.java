package dev.ratchet.execution.recording;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.execution.ExecutionContext;
import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.ExecutionTrace;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpCall;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.TaskLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One run as the task saw it: with the same code, everything here decides what the task does. Secret values are
 * replaced by their placeholders throughout. The file form is described in {@code docs/recording.md}.
 *
 * @param createdAt when the run began, by the recorder's clock
 * @param context what the task was told about its run
 * @param contentHash the version of the code that ran
 * @param input what it was given
 * @param outcome how it ended
 * @param wallTime how long it took
 * @param limits what it was allowed
 * @param seed where its random numbers came from
 * @param clockStartTicks where its clock started, in ticks of 0.1 ms since 1970-01-01T00:00:00Z
 * @param trace clock readings and settlements; not complete when they were cut or the worker died with them
 * @param secretNames names of the secrets it could read
 * @param console lines it logged
 * @param droppedLogBytes log text that was over the task's limit
 * @param progress what it reported, at most {@link Recorder#MAX_PROGRESS} entries
 * @param progressCut whether it reported more
 * @param exchanges its fetches in the order it started them
 */
public record Recording(
        Instant createdAt,
        ExecutionContext context,
        ContentHash contentHash,
        JsonText input,
        ExecutionOutcome outcome,
        Duration wallTime,
        TaskLimits limits,
        String seed,
        long clockStartTicks,
        ExecutionTrace trace,
        Set<String> secretNames,
        List<LogLine> console,
        long droppedLogBytes,
        List<Progress> progress,
        boolean progressCut,
        List<Exchange> exchanges) {
    /** Version of the file form; a reader refuses every other one. */
    public static final int FORMAT = 1;

    /** A progress report: {@code fraction} from 0 to 1, {@code message} possibly empty. */
    public record Progress(double fraction, String message) {}

    /**
     * A body of which only the beginning is kept.
     *
     * @param size its whole length in bytes
     * @param sha256 digest of the whole body in lower-case hexadecimal digits, by which requests are still compared
     */
    public record Cut(long size, String sha256) {}

    /**
     * A fetch and what became of it.
     *
     * @param id number of the fetch in its run, from 1 in the order the task started them
     * @param call the request as the task wrote it
     * @param callCut set when the body in {@code call} was cut
     * @param answer what the task saw; null when the run ended before there was an answer
     * @param answerCut set when the body in {@code answer} was cut; a replay cannot give this answer
     * @param startedAfter when the request was made, from the beginning of the run, in real time
     * @param delay how long the answer took: the delay it was given on a virtual clock, otherwise real time from the
     *     request to its answer, which includes waiting for a connection; zero when there was no answer
     */
    public record Exchange(
            int id,
            HttpCall call,
            @Nullable Cut callCut,
            @Nullable HttpAnswer answer,
            @Nullable Cut answerCut,
            Duration startedAfter,
            Duration delay) {
        public Exchange {
            Objects.requireNonNull(call, "call");
            Objects.requireNonNull(startedAfter, "startedAfter");
            Objects.requireNonNull(delay, "delay");
            if (id < 1) {
                throw new IllegalArgumentException("fetches are counted from 1, was " + id);
            }
        }

        /** Method and URL, as in {@code GET https://example.com/}. */
        public String title() {
            return call.method() + " " + call.url();
        }
    }

    public Recording {
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(contentHash, "contentHash");
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(wallTime, "wallTime");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(seed, "seed");
        Objects.requireNonNull(trace, "trace");
        secretNames = Collections.unmodifiableSet(new TreeSet<>(secretNames));
        console = List.copyOf(console);
        progress = List.copyOf(progress);
        exchanges = List.copyOf(exchanges);
    }
}

package dev.ratchet.execution.testing;

import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.LogLine;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What became of one test.
 *
 * @param file path of its file inside the package
 * @param name its name; for a file that cannot be read, the file's
 * @param status whether the expectation was met
 * @param duration of the run; zero when there was none
 * @param failure why it did not pass, one entry for each reason, entries may span lines; empty when it passed
 * @param console what the task logged
 * @param outcome how the run ended; null when there was none
 */
public record TestResult(
        String file,
        String name,
        Status status,
        Duration duration,
        List<String> failure,
        List<LogLine> console,
        @Nullable ExecutionOutcome outcome) {
    /** Whether the expectation was met. */
    public enum Status {
        PASSED,
        /** The task did something else. */
        FAILED,
        /** There was nothing to judge: the file cannot be read, or no run could be made. */
        ERROR
    }

    public TestResult {
        Objects.requireNonNull(status, "status");
        failure = List.copyOf(failure);
        console = List.copyOf(console);
    }
}

package dev.ratchet.execution.recording;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.ExecutionOutcome.Cancelled;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidInput;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidOutput;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidPackage;
import dev.ratchet.core.execution.ExecutionOutcome.LimitExceeded;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.execution.ExecutionOutcome.TaskFailed;
import dev.ratchet.core.execution.ExecutionOutcome.WorkerCrashed;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Outcomes as text and compared. */
public final class Outcomes {
    private static final int MAX_OUTPUT_CHARS = 200;

    private Outcomes() {}

    /** One line, longer only where a message has several. */
    public static String describe(ExecutionOutcome outcome) {
        return outcome instanceof Succeeded(JsonText output)
                ? "succeeded with " + shorten(output.value())
                : name(outcome) + ": " + message(outcome);
    }

    /** The name of what went wrong: an error's class, otherwise the name of the outcome. */
    public static String name(ExecutionOutcome outcome) {
        return switch (outcome) {
            case Succeeded _ -> "Succeeded";
            case TaskFailed failed -> failed.type();
            case InvalidOutput _ -> "InvalidOutput";
            case InvalidInput _ -> "InvalidInput";
            case InvalidPackage _ -> "InvalidPackage";
            case LimitExceeded _ -> "LimitExceeded";
            case WorkerCrashed _ -> "WorkerCrashed";
            case Cancelled _ -> "Cancelled";
        };
    }

    /** What went wrong, in words; empty for a success. */
    public static String message(ExecutionOutcome outcome) {
        return switch (outcome) {
            case Succeeded _ -> "";
            case TaskFailed failed -> failed.message();
            case InvalidOutput(List<Problem> problems) -> join(problems);
            case InvalidInput(List<Problem> problems) -> join(problems);
            case InvalidPackage(List<Problem> problems) -> join(problems);
            // What was used does not count the allocation that failed.
            case LimitExceeded limit ->
                limit.used() < limit.allowed()
                        ? limit.limit().key() + ": needed more than the " + limit.allowed() + " "
                                + limit.limit().unit() + " allowed"
                        : limit.limit().key() + ": used " + limit.used() + " of " + limit.allowed() + " "
                                + limit.limit().unit();
            case WorkerCrashed(String detail) -> detail;
            case Cancelled(String reason) -> reason;
        };
    }

    /**
     * How a replayed outcome differs from the recorded one. Stack traces and what was used of a limit are not
     * compared: the first changes with every edit, the second is a measurement.
     *
     * @return empty when they are equal
     */
    static List<String> differences(ExecutionOutcome recorded, ExecutionOutcome now) {
        List<String> found = new ArrayList<>();
        if (recorded instanceof Succeeded(JsonText before) && now instanceof Succeeded(JsonText after)) {
            JsonDiff.between(before, after, JsonDiff.Mode.EXACT).lines().forEach(line -> found.add("output " + line));
            return found;
        }
        if (recorded instanceof TaskFailed before && now instanceof TaskFailed after) {
            compare(found, "error type", before.type(), after.type());
            compare(found, "error message", before.message(), after.message());
            JsonDiff.between(details(before), details(after), JsonDiff.Mode.EXACT)
                    .lines()
                    .forEach(line -> found.add("error details " + line));
            return found;
        }
        if (recorded instanceof LimitExceeded before && now instanceof LimitExceeded after) {
            compare(found, "limit", before.limit().key(), after.limit().key());
            compare(found, "limit allowed", Long.toString(before.allowed()), Long.toString(after.allowed()));
            return found;
        }
        if (recorded instanceof WorkerCrashed && now instanceof WorkerCrashed) {
            return found;
        }
        if (!recorded.equals(now)) {
            found.add("outcome: recorded " + describe(recorded) + "; now " + describe(now));
        }
        return found;
    }

    private static JsonNode details(TaskFailed failed) {
        JsonText details = failed.details();
        return Json.parse("error details", details == null ? JsonText.EMPTY_OBJECT : details);
    }

    private static void compare(List<String> found, String field, String before, String after) {
        if (!before.equals(after)) {
            found.add(field + ": recorded " + before + ", now " + after);
        }
    }

    private static String join(List<Problem> problems) {
        return problems.stream().map(Problem::toString).collect(Collectors.joining("; "));
    }

    private static String shorten(String text) {
        return text.length() <= MAX_OUTPUT_CHARS ? text : text.substring(0, MAX_OUTPUT_CHARS) + "…";
    }
}

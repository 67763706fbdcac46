package dev.ratchet.execution.recording;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.execution.ExecutionOutcome.Cancelled;
import dev.ratchet.core.execution.ExecutionOutcome.WorkerCrashed;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a replay came to, against its recording.
 *
 * @param recorded the recording
 * @param replayed the replay as a recording
 * @param outcomeDifferences one line for each; empty when the outcomes are equal
 * @param divergences fetches that are not the recorded ones
 * @param consoleDifferences lines starting with {@code - } (recorded) or {@code + } (now); they do not decide
 *     equality, so that a replay can be debugged with further output
 * @param notes what a reader should know about the comparison; they do not decide equality
 */
public record ReplayReport(
        Recording recorded,
        Recording replayed,
        List<String> outcomeDifferences,
        List<Divergence> divergences,
        List<String> consoleDifferences,
        List<String> notes) {
    private static final int EXIT_DIFFERENT = 1;
    private static final int MAX_CONSOLE_LINES = 200;

    public ReplayReport {
        Objects.requireNonNull(recorded, "recorded");
        Objects.requireNonNull(replayed, "replayed");
        outcomeDifferences = List.copyOf(outcomeDifferences);
        divergences = List.copyOf(divergences);
        consoleDifferences = List.copyOf(consoleDifferences);
        notes = List.copyOf(notes);
    }

    /** Whether the replay had the same outcome by the same fetches. */
    public boolean equal() {
        return outcomeDifferences.isEmpty() && divergences.isEmpty();
    }

    /** 0 when equal; otherwise 130 or 4 when the replay itself was cancelled or lost its worker, and 1. */
    public int exitCode() {
        if (equal()) {
            return 0;
        }
        boolean replayFailed = replayed.outcome() instanceof Cancelled || replayed.outcome() instanceof WorkerCrashed;
        return replayFailed ? replayed.outcome().exitCode() : EXIT_DIFFERENT;
    }

    /**
     * The recording to keep when the replay is accepted as right: its code, outcome and console, with the answers
     * recorded before.
     *
     * @throws RatchetException with {@link ErrorCode#CONFLICT} when a fetch of the replay had no recorded answer, or
     *     the replay did not end by itself: there is nothing true to keep
     */
    public Recording update() {
        List<String> unanswered = divergences.stream()
                .filter(Divergence::unanswered)
                .map(divergence -> divergence.lines().getFirst())
                .toList();
        if (!unanswered.isEmpty()) {
            throw new RatchetException(
                    ErrorCode.CONFLICT,
                    "the recording cannot be updated, record the run again instead: " + String.join("; ", unanswered));
        }
        if (replayed.outcome() instanceof Cancelled || replayed.outcome() instanceof WorkerCrashed) {
            throw new RatchetException(
                    ErrorCode.CONFLICT,
                    "the recording cannot be updated: the replay " + Outcomes.describe(replayed.outcome()));
        }
        return replayed;
    }

    /** The comparison for people, line by line. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(
                equal()
                        ? "equal: same outcome, fetches: "
                                + recorded.exchanges().size()
                        : "different from the recording");
        notes.forEach(note -> lines.add("note: " + note));
        outcomeDifferences.forEach(lines::add);
        divergences.forEach(divergence -> lines.addAll(divergence.lines()));
        if (!consoleDifferences.isEmpty()) {
            lines.add("console (- recorded, + now):");
            consoleDifferences.stream().limit(MAX_CONSOLE_LINES).forEach(line -> lines.add("    " + line));
            if (consoleDifferences.size() > MAX_CONSOLE_LINES) {
                lines.add("    … and " + (consoleDifferences.size() - MAX_CONSOLE_LINES) + " more lines");
            }
        }
        return lines;
    }

    /** The comparison for programs: {@code equal, outcome, recordedOutcome, differences, divergences, console, notes}. */
    public JsonText toJson() {
        ObjectNode tree = Json.object().put("equal", equal());
        tree.set("outcome", RecordingJson.outcome(replayed.outcome()));
        tree.set("recordedOutcome", RecordingJson.outcome(recorded.outcome()));
        addAll(tree.putArray("differences"), outcomeDifferences);
        ArrayNode list = tree.putArray("divergences");
        for (Divergence divergence : divergences) {
            ObjectNode entry = list.addObject()
                    .put("kind", kind(divergence))
                    .put("fetch", divergence.fetchId())
                    .put("message", divergence.lines().getFirst());
            if (divergence instanceof Divergence.Changed changed) {
                addAll(entry.putArray("differences"), changed.differences());
            }
        }
        addAll(tree.putArray("console"), consoleDifferences);
        addAll(tree.putArray("notes"), notes);
        return RecordingJson.jsonText(tree);
    }

    private static String kind(Divergence divergence) {
        return switch (divergence) {
            case Divergence.Changed _ -> "changed";
            case Divergence.Added _ -> "added";
            case Divergence.Reordered _ -> "reordered";
            case Divergence.AnswerCut _ -> "answer_cut";
            case Divergence.NotMade _ -> "not_made";
        };
    }

    private static void addAll(ArrayNode array, List<String> lines) {
        lines.forEach(array::add);
    }
}

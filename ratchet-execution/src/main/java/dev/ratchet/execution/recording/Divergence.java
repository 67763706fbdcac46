package dev.ratchet.execution.recording;

import java.util.ArrayList;
import java.util.List;

/** A way in which the fetches of a replay are not those of the recording. */
public sealed interface Divergence {
    /** Number of the fetch concerned: in the replay, for {@link NotMade} in the recording. */
    int fetchId();

    /**
     * The replay's fetch is not the recorded one of the same number, and no unused recorded one is like it; the task
     * saw a network error.
     *
     * @param title method and URL of the replay's fetch
     * @param differences one line for each field, in the form "field: recorded …, now …"
     */
    record Changed(int fetchId, String title, List<String> differences) implements Divergence {
        public Changed {
            differences = List.copyOf(differences);
        }
    }

    /** The recording has no unused fetch like this one, nor one of its number; the task saw a network error. */
    record Added(int fetchId, String title, int recorded) implements Divergence {}

    /** The recorded fetch {@code recordedId} is equal and its answer was given, but it had another number. */
    record Reordered(int fetchId, String title, int recordedId) implements Divergence {}

    /** The recording has only the first {@code kept} bytes of the answer; the task saw a network error. */
    record AnswerCut(int fetchId, String title, long size, long kept) implements Divergence {}

    /** The recorded fetch was not made. */
    record NotMade(int fetchId, String title) implements Divergence {}

    /** Whether the task was refused an answer for want of a recorded one. */
    default boolean unanswered() {
        return switch (this) {
            case Changed _, Added _, AnswerCut _ -> true;
            case Reordered _, NotMade _ -> false;
        };
    }

    /** For people; the first line says which fetch and what, further lines how. */
    default List<String> lines() {
        return switch (this) {
            case Changed changed -> {
                List<String> lines = new ArrayList<>();
                lines.add("fetch " + changed.fetchId() + " (" + changed.title() + ") differs from the recorded one:");
                changed.differences().forEach(line -> lines.add("    " + line));
                yield List.copyOf(lines);
            }
            case Added added ->
                List.of("fetch " + added.fetchId() + " (" + added.title() + ") is not among the " + added.recorded()
                        + " recorded");
            case Reordered reordered ->
                List.of("fetch " + reordered.fetchId() + " (" + reordered.title() + ") was recorded as fetch "
                        + reordered.recordedId());
            case AnswerCut cut ->
                List.of("fetch " + cut.fetchId() + " (" + cut.title() + ") cannot be answered: of its " + cut.size()
                        + " bytes the recording has the first " + cut.kept());
            case NotMade notMade ->
                List.of("fetch " + notMade.fetchId() + " of the recording (" + notMade.title() + ") was not made");
        };
    }
}

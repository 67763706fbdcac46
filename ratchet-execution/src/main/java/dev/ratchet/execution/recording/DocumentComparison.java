package dev.ratchet.execution.recording;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.task.JsonComparison;
import java.util.List;
import java.util.Optional;

/** Compares documents by {@link JsonDiff}. Stateless. */
public final class DocumentComparison implements JsonComparison {
    @Override
    public Result compare(JsonText from, JsonText to) {
        JsonDiff diff = JsonDiff.between(from, to, JsonDiff.Mode.EXACT);
        List<Difference> differences = diff.differences().stream()
                .map(difference -> switch (difference) {
                    case JsonDiff.Difference.Missing(String pointer, String expected) ->
                        new Difference(pointer, Optional.of(new JsonText(expected)), Optional.empty());
                    case JsonDiff.Difference.Unexpected(String pointer, String actual) ->
                        new Difference(pointer, Optional.empty(), Optional.of(new JsonText(actual)));
                    case JsonDiff.Difference.Changed(String pointer, String expected, String actual) ->
                        new Difference(pointer, Optional.of(new JsonText(expected)), Optional.of(new JsonText(actual)));
                })
                .toList();
        return new Result(differences, diff.more());
    }
}

package dev.ratchet.core.task;

import dev.ratchet.core.common.JsonText;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Port to whatever finds the places at which two JSON documents differ. */
public interface JsonComparison {
    /**
     * One place.
     *
     * @param pointer where (RFC 6901)
     * @param from the value before; empty where there was none
     * @param to the value after; empty where there is none
     */
    record Difference(String pointer, Optional<JsonText> from, Optional<JsonText> to) {
        public Difference {
            Objects.requireNonNull(pointer, "pointer");
        }
    }

    /**
     * The places.
     *
     * @param differences in the order of the documents, a few dozen at most
     * @param more whether there are others
     */
    record Result(List<Difference> differences, boolean more) {
        public Result {
            differences = List.copyOf(differences);
        }
    }

    /** Compares two documents as a task would see them: key order and number notation make no difference. */
    Result compare(JsonText from, JsonText to);
}

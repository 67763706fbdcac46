package dev.ratchet.core.task;

import java.util.List;
import java.util.Objects;

/**
 * What one version has changed since another.
 *
 * @param from the one
 * @param to the other
 * @param files code files that are not the same, by path
 * @param contract places at which schemas, limits and permissions are not the same, by JSON pointers that begin with
 *     {@code /inputSchema}, {@code /outputSchema} or a key the package declares, such as {@code /limits}
 * @param truncated whether something was left out because there is too much of it
 */
public record VersionDiff(
        TaskVersion from,
        TaskVersion to,
        List<FileDiff> files,
        List<JsonComparison.Difference> contract,
        boolean truncated) {
    /** How one file differs. */
    public sealed interface FileDiff {
        /** Its path within the package. */
        String path();

        /** It is new. */
        record Added(String path, long characters) implements FileDiff {}

        /** It is gone. */
        record Removed(String path, long characters) implements FileDiff {}

        /**
         * It has other text.
         *
         * @param unified the difference in the unified format of GNU diff, with three lines of context; cut where it
         *     would be too long
         */
        record Changed(String path, String unified) implements FileDiff {}
    }

    public VersionDiff {
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(to, "to");
        files = List.copyOf(files);
        contract = List.copyOf(contract);
    }
}

package dev.ratchet.storage;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a check of a database found.
 *
 * @param database where it is, without secrets
 * @param schemaVersion version of its schema; empty when it has none yet
 * @param pendingMigrations how many steps the schema is behind this program; the next start takes them
 * @param bytes size on disk
 * @param rows how many rows each table has, by the table's name
 * @param faults what is wrong, in words; empty when nothing is
 */
public record CheckReport(
        String database,
        Optional<String> schemaVersion,
        int pendingMigrations,
        long bytes,
        Map<String, Long> rows,
        List<String> faults) {
    public CheckReport {
        rows = java.util.Collections.unmodifiableMap(new TreeMap<>(rows));
        faults = List.copyOf(faults);
    }

    /** Whether nothing is wrong. */
    public boolean isSound() {
        return faults.isEmpty();
    }
}

package dev.ratchet.storage;

import java.nio.file.Path;
import java.util.Optional;

/** When a restored backup becomes the database. */
public sealed interface RestoreResult {
    /**
     * It is the database.
     *
     * @param before where the file of before is now; empty when there was none, or with PostgreSQL
     */
    record Done(Optional<Path> before) implements RestoreResult {}

    /** A server is using the file; it takes the backup in its place when it next starts. */
    record AtNextStart() implements RestoreResult {}
}

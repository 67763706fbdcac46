package dev.ratchet.core.task;

import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.id.VersionId;
import java.time.Instant;
import java.util.Objects;

/**
 * One state of a task's content. Never changes; two versions of a task never have the same content.
 *
 * @param id its identifier
 * @param task whose version it is
 * @param hash names the content
 * @param number counted from 1 in the order of publishing
 * @param version the semantic version it was first published under
 * @param createdAt when it was first published
 * @param createdBy by whom
 * @param changeDescription what its publisher said about it; may be empty
 */
public record TaskVersion(
        VersionId id,
        TaskId task,
        ContentHash hash,
        int number,
        String version,
        Instant createdAt,
        String createdBy,
        String changeDescription) {
    public TaskVersion {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(hash, "hash");
        Objects.requireNonNull(createdAt, "createdAt");
    }
}

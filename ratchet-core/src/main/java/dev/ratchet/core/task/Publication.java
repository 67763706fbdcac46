package dev.ratchet.core.task;

import java.util.Objects;

/**
 * What became of a change.
 *
 * @param task the task as it is now
 * @param version the version with the published content; the active one where nothing was published
 * @param created whether the version is new; otherwise the task had one with this content, whose tests, retry policy and
 *     description, which are no part of the content, are now the published ones
 */
public record Publication(Task task, TaskVersion version, boolean created) {
    public Publication {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(version, "version");
    }
}

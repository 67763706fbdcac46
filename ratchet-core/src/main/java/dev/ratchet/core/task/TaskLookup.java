package dev.ratchet.core.task;

import dev.ratchet.core.common.Caller;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.id.VersionId;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Finds tasks and versions by what a user may call them. */
public final class TaskLookup {
    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern HASH_FORM = Pattern.compile("[0-9a-f]{64}");
    private static final int MAX_VERSIONS = 1_000;
    private static final int MAX_SHOWN = 100;

    private final TaskStore tasks;

    public TaskLookup(TaskStore tasks) {
        this.tasks = Objects.requireNonNull(tasks, "tasks");
    }

    /**
     * The task of this name, of this identifier, or of the package with this identifier.
     *
     * @throws RatchetException NOT_FOUND
     */
    public Task task(Caller caller, String idOrName) {
        Optional<Task> found = tasks.findByName(caller.tenant(), idOrName);
        if (found.isEmpty() && UUID_FORM.matcher(idOrName).matches()) {
            UUID uuid = UUID.fromString(idOrName);
            found = tasks.find(caller.tenant(), new TaskId(uuid))
                    .or(() -> tasks.findByPackageUuid(caller.tenant(), uuid));
        }
        return found.orElseThrow(
                () -> new RatchetException(ErrorCode.NOT_FOUND, "there is no task '" + shown(idOrName) + "'"));
    }

    /**
     * The version of the task with this identifier, this content hash or this semantic version, the latest of several.
     *
     * @throws RatchetException NOT_FOUND
     */
    public TaskVersion version(Task task, String reference) {
        Optional<TaskVersion> found;
        if (UUID_FORM.matcher(reference).matches()) {
            found = tasks.version(task.tenant(), task.id(), new VersionId(UUID.fromString(reference)));
        } else if (HASH_FORM.matcher(reference).matches()) {
            found = tasks.versionByHash(task.tenant(), task.id(), new ContentHash(reference));
        } else {
            found = tasks.versions(task.tenant(), task.id(), MAX_VERSIONS).stream()
                    .filter(version -> version.version().equals(reference))
                    .findFirst();
        }
        return found.orElseThrow(() -> new RatchetException(
                ErrorCode.NOT_FOUND, "task " + task.name() + " has no version '" + shown(reference) + "'"));
    }

    /**
     * The content of a version.
     *
     * @throws RatchetException NOT_FOUND
     */
    public TaskPackage content(Task task, VersionId version) {
        return tasks.content(task.tenant(), version)
                .orElseThrow(() -> new RatchetException(
                        ErrorCode.NOT_FOUND, "the content of version " + version + " is not stored"));
    }

    private static String shown(String text) {
        return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text;
    }
}

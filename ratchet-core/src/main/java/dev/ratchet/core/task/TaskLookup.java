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

    /** What the version that new jobs run is called. */
    public static final String ACTIVE = "active";

    private static final int MAX_SHOWN = 100;

    private final TaskStore tasks;

    public TaskLookup(TaskStore tasks) {
        this.tasks = Objects.requireNonNull(tasks, "tasks");
    }

    /** The task of this identifier, of the package with this identifier, or of this name. */
    public Optional<Task> find(Caller caller, String idOrName) {
        if (!UUID_FORM.matcher(idOrName).matches()) {
            return tasks.findByName(caller.tenant(), idOrName);
        }
        // Identifiers first, so that nobody hides a task by giving another one its identifier as a name.
        UUID uuid = UUID.fromString(idOrName);
        return tasks.find(caller.tenant(), new TaskId(uuid))
                .or(() -> tasks.findByPackageUuid(caller.tenant(), uuid))
                .or(() -> tasks.findByName(caller.tenant(), idOrName));
    }

    /**
     * The task of this identifier, of the package with this identifier, or of this name.
     *
     * @throws RatchetException NOT_FOUND
     */
    public Task task(Caller caller, String idOrName) {
        return find(caller, idOrName)
                .orElseThrow(
                        () -> new RatchetException(ErrorCode.NOT_FOUND, "there is no task '" + shown(idOrName) + "'"));
    }

    /**
     * The version of the task with this identifier, this content hash or this semantic version, the latest of several, or
     * the active one for {@value #ACTIVE}.
     *
     * @throws RatchetException NOT_FOUND
     */
    public TaskVersion version(Task task, String reference) {
        Optional<TaskVersion> found;
        if (reference.equals(ACTIVE)) {
            found = tasks.version(task.tenant(), task.id(), task.active());
        } else if (UUID_FORM.matcher(reference).matches()) {
            found = tasks.version(task.tenant(), task.id(), new VersionId(UUID.fromString(reference)));
        } else if (HASH_FORM.matcher(reference).matches()) {
            found = tasks.versionByHash(task.tenant(), task.id(), new ContentHash(reference));
        } else {
            found = tasks.versionBySemver(task.tenant(), task.id(), reference);
        }
        return found.orElseThrow(() -> new RatchetException(
                ErrorCode.NOT_FOUND,
                "task " + task.name() + " has no version '" + shown(reference)
                        + "'; accepted: an identifier, a content hash, a semantic version, '" + ACTIVE + "'"));
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

package dev.ratchet.core.task;

import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.id.VersionId;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * Port to stored tasks and their versions. Every method sees one tenant only. Methods that change something join the
 * caller's transaction or make one.
 */
public interface TaskStore {
    /**
     * Stores a task with its first version.
     *
     * @throws dev.ratchet.core.common.RatchetException CONFLICT when the name or the package's UUID is taken
     */
    void create(Task task, TaskVersion version, TaskPackage content);

    /**
     * Replaces everything but the versions, if the stored revision is {@code task.revision() - 1}.
     *
     * @return false when the task has changed meanwhile or is gone
     * @throws dev.ratchet.core.common.RatchetException CONFLICT when the new name is taken
     */
    boolean update(Task task);

    /** Adds a version; its number and content are new to the task. */
    void addVersion(TenantId tenant, TaskVersion version, TaskPackage content);

    /**
     * Replaces what a version's hash does not cover: tests, retry policy, descriptions. Other nodes may see the old ones
     * for a minute.
     *
     * @param content has the hash the version has
     */
    void replaceUnhashed(TenantId tenant, VersionId version, TaskPackage content);

    /** Records that a version became active; its number is the task's next. */
    void addActivation(TenantId tenant, TaskId task, Activation activation);

    /** When versions became active, latest first; at most {@code limit}. */
    List<Activation> activations(TenantId tenant, TaskId task, int limit);

    /** An activation of the task by its number. */
    Optional<Activation> activation(TenantId tenant, TaskId task, int number);

    /**
     * Marks the task as deleted: it is in no list and its name is free, while its executions still refer to it. Its
     * schedules fire no more.
     *
     * @return false when it is gone already
     */
    boolean delete(TenantId tenant, TaskId id, Instant now);

    /** The task, unless it is deleted. */
    Optional<Task> find(TenantId tenant, TaskId id);

    /** The task of this name, unless it is deleted. */
    Optional<Task> findByName(TenantId tenant, String name);

    /** The task whose package declares this identifier, unless it is deleted. */
    Optional<Task> findByPackageUuid(TenantId tenant, UUID packageUuid);

    /** Names of tasks, deleted ones included; identifiers without a task are absent. */
    Optional<String> nameOf(TenantId tenant, TaskId id);

    /** Tasks that are not deleted. */
    Listing<Task> list(TenantId tenant, ListQuery<TaskField> query);

    /** A task's versions with a number below {@code before}, latest first; at most {@code limit}. */
    List<TaskVersion> versions(TenantId tenant, TaskId task, OptionalInt before, int limit);

    /** A version of the task. */
    Optional<TaskVersion> version(TenantId tenant, TaskId task, VersionId id);

    /** The version of the task with this content. */
    Optional<TaskVersion> versionByHash(TenantId tenant, TaskId task, ContentHash hash);

    /** The latest version of the task that was published under this semantic version. */
    Optional<TaskVersion> versionBySemver(TenantId tenant, TaskId task, String version);

    /** The content of a version, from a cache where possible; deleted tasks' versions are there as well. */
    Optional<TaskPackage> content(TenantId tenant, VersionId version);

    /** Numbers over all tasks of the tenant. */
    TaskStats stats(TenantId tenant);

    /**
     * Numbers over a tenant's tasks.
     *
     * @param total not deleted
     * @param enabled take new jobs
     * @param fromRegistry came from a registry
     * @param notValidated never checked without a fault
     */
    record TaskStats(long total, long enabled, long fromRegistry, long notValidated) {}
}

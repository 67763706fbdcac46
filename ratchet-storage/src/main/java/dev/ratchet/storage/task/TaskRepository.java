package dev.ratchet.storage.task;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

/** Rows of {@code tasks}. */
interface TaskRepository extends JpaRepository<TaskEntity, String> {
    Optional<TaskEntity> findByTenantIdAndPackageUuidAndDeletedAtIsNull(String tenantId, String packageUuid);

    List<TaskEntity> findByTenantIdAndIdIn(String tenantId, Collection<String> ids);

    @Query("select task.name from TaskEntity task where task.id = :id and task.tenantId = :tenantId")
    Optional<String> nameOf(String id, String tenantId);

    /** Replaces what can change if the revision is the expected one. */
    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("""
            update TaskEntity task
               set task.name = :name, task.label = :label, task.description = :description, task.tags = :tags,
                   task.metadata = :metadata, task.enabled = :enabled, task.paused = :paused,
                   task.activeVersionId = :activeVersionId, task.version = :version, task.hash = :hash,
                   task.updatedAt = :updatedAt, task.validatedAt = :validatedAt, task.revision = :revision
             where task.id = :id and task.tenantId = :tenantId and task.deletedAt is null
                   and task.revision = :expected""")
    int replace(
            String id,
            String tenantId,
            long expected,
            String name,
            String label,
            String description,
            String tags,
            String metadata,
            boolean enabled,
            boolean paused,
            String activeVersionId,
            String version,
            String hash,
            long updatedAt,
            @Nullable Long validatedAt,
            long revision);

    @Modifying(flushAutomatically = true, clearAutomatically = true)
    @Query("""
            update TaskEntity task
               set task.deletedAt = :now, task.updatedAt = :now, task.revision = task.revision + 1
             where task.id = :id and task.tenantId = :tenantId and task.deletedAt is null""")
    int delete(String id, String tenantId, long now);
}

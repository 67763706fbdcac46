package dev.ratchet.storage.task;

import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.id.VersionId;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.TaskVersion;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

/** A row of {@code task_versions}. */
@Entity
@Table(name = "task_versions")
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // Hibernate fills the fields, and queries name them
class VersionEntity extends AssignedIdEntity<String> {
    @Id
    private String id;

    private String tenantId;
    private String taskId;
    private String hash;
    private int number;
    private String version;
    private String content;
    private long createdAt;
    private String createdBy;
    private String changeDescription;

    /** For Hibernate. */
    protected VersionEntity() {}

    VersionEntity(TenantId tenant, TaskVersion version, String content) {
        this.id = version.id().toString();
        this.tenantId = tenant.value();
        this.taskId = version.task().toString();
        this.hash = version.hash().hex();
        this.number = version.number();
        this.version = version.version();
        this.content = content;
        this.createdAt = version.createdAt().toEpochMilli();
        this.createdBy = version.createdBy();
        this.changeDescription = version.changeDescription();
    }

    /** A version without its content, which is large and read apart. */
    record Head(
            String id,
            String taskId,
            String hash,
            int number,
            String version,
            long createdAt,
            String createdBy,
            String changeDescription) {
        TaskVersion toDomain() {
            return new TaskVersion(
                    new VersionId(UUID.fromString(id)),
                    new TaskId(UUID.fromString(taskId)),
                    new ContentHash(hash),
                    number,
                    version,
                    Instant.ofEpochMilli(createdAt),
                    createdBy,
                    changeDescription);
        }
    }

    @Override
    public String getId() {
        return id;
    }
}

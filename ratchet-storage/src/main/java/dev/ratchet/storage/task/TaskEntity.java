package dev.ratchet.storage.task;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.id.VersionId;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.Task;
import dev.ratchet.storage.listing.LabelText;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code tasks}. Rows are changed by {@link TaskRepository#replace} only. */
@Entity
@Table(name = "tasks")
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // Hibernate fills the fields, and queries name them
class TaskEntity extends AssignedIdEntity<String> {
    @Id
    private String id;

    private String tenantId;
    private String name;
    private String label;
    private String description;
    private String tags;
    private String metadata;
    private @Nullable String packageUuid;
    private boolean enabled;
    private boolean paused;
    private String activeVersionId;
    private String version;
    private String hash;
    private String source;
    private long createdAt;
    private long updatedAt;
    private @Nullable Long validatedAt;
    private @Nullable Long deletedAt;
    private long revision;

    /** For Hibernate. */
    protected TaskEntity() {}

    TaskEntity(Task task) {
        this.id = task.id().toString();
        this.tenantId = task.tenant().value();
        this.name = task.name();
        this.label = task.label();
        this.description = task.description();
        this.tags = LabelText.write(task.tags());
        this.metadata = task.metadata().value();
        this.packageUuid = task.packageUuid().map(UUID::toString).orElse(null);
        this.enabled = task.enabled();
        this.paused = task.paused();
        this.activeVersionId = task.active().toString();
        this.version = task.version();
        this.hash = task.hash().hex();
        this.source = task.source().name();
        this.createdAt = task.createdAt().toEpochMilli();
        this.updatedAt = task.updatedAt().toEpochMilli();
        this.validatedAt = task.validatedAt().map(Instant::toEpochMilli).orElse(null);
        this.revision = task.revision();
    }

    Task toDomain() {
        return new Task(
                new TaskId(UUID.fromString(id)),
                new TenantId(tenantId),
                name,
                label,
                description,
                LabelText.read(tags),
                new JsonText(metadata),
                Optional.ofNullable(packageUuid).map(UUID::fromString),
                enabled,
                paused,
                new VersionId(UUID.fromString(activeVersionId)),
                version,
                new ContentHash(hash),
                Task.Source.valueOf(source),
                Instant.ofEpochMilli(createdAt),
                Instant.ofEpochMilli(updatedAt),
                Optional.ofNullable(validatedAt).map(Instant::ofEpochMilli),
                revision);
    }

    @Override
    public String getId() {
        return id;
    }
}

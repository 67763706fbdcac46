package dev.ratchet.storage.task;

import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.id.VersionId;
import dev.ratchet.core.task.Activation;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.OptionalInt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of {@code task_activations}. */
@Entity
@Table(name = "task_activations")
@SuppressWarnings({"NullAway.Init", "UnusedVariable"}) // Hibernate fills the fields, and queries name them
class ActivationEntity extends AssignedIdEntity<ActivationEntity.Key> {
    /** The primary key. */
    @Embeddable
    record Key(String taskId, int number) {}

    @EmbeddedId
    private Key id;

    private String tenantId;
    private String versionId;
    private long at;
    private String actor;
    private @Nullable Integer fallback;

    /** For Hibernate. */
    protected ActivationEntity() {}

    ActivationEntity(TenantId tenant, TaskId task, Activation activation) {
        this.id = new Key(task.toString(), activation.number());
        this.tenantId = tenant.value();
        this.versionId = activation.version().toString();
        this.at = activation.at().toEpochMilli();
        this.actor = activation.actor();
        this.fallback =
                activation.fallback().isPresent() ? activation.fallback().getAsInt() : null;
    }

    Activation toDomain() {
        return new Activation(
                id.number(),
                new VersionId(UUID.fromString(versionId)),
                Instant.ofEpochMilli(at),
                actor,
                fallback == null ? OptionalInt.empty() : OptionalInt.of(fallback));
    }

    @Override
    public Key getId() {
        return id;
    }
}

package dev.ratchet.core.task;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.id.VersionId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A stored task: a name, a history of versions, and which of them runs.
 *
 * @param id its identifier
 * @param tenant whose it is
 * @param name unique among the tenant's tasks that are not deleted
 * @param label display name
 * @param description may be empty
 * @param tags free labels
 * @param metadata further keys of its author, a JSON object
 * @param packageUuid the identifier its package declares, where it declares one; unique like the name
 * @param enabled whether new jobs are taken
 * @param paused whether its queued jobs wait
 * @param active the version that new jobs run
 * @param version semantic version of the active version
 * @param hash content of the active version
 * @param source where it came from
 * @param createdAt when it was made
 * @param updatedAt when anything of it last changed
 * @param validatedAt when its tests or its code were last checked without a fault; empty when never
 * @param revision grows with every change; what an ETag names
 */
public record Task(
        TaskId id,
        TenantId tenant,
        String name,
        String label,
        String description,
        List<String> tags,
        JsonText metadata,
        Optional<UUID> packageUuid,
        boolean enabled,
        boolean paused,
        VersionId active,
        String version,
        ContentHash hash,
        Source source,
        Instant createdAt,
        Instant updatedAt,
        Optional<Instant> validatedAt,
        long revision) {
    /** Where a task came from. */
    public enum Source {
        API,
        IMPORT,
        REGISTRY,
        MCP,
        /** Part of the program, such as the heartbeat. */
        SYSTEM
    }

    public Task {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(active, "active");
        Objects.requireNonNull(hash, "hash");
        tags = List.copyOf(tags);
    }
}

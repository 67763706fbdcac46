package dev.ratchet.core.task;

import dev.ratchet.core.common.JsonText;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Who a task is; nothing here changes what it does.
 *
 * @param name unique name, as given by {@code name} or, where that is absent, {@code label}
 * @param label display name; equal to {@code name} when the package gives one of the two
 * @param version semantic version 2.0.0
 * @param uuid the package's own identifier, where it has one
 * @param description one or more sentences, empty when absent
 * @param tags free labels
 * @param author empty when absent
 * @param license SPDX expression by convention, empty when absent
 * @param other the keys Ratchet does not know, kept as a JSON object
 */
public record TaskMetadata(
        String name,
        String label,
        String version,
        Optional<UUID> uuid,
        String description,
        List<String> tags,
        String author,
        String license,
        JsonText other) {
    public TaskMetadata {
        tags = List.copyOf(tags);
    }
}

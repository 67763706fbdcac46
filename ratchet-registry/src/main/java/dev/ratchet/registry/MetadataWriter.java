package dev.ratchet.registry;

import dev.ratchet.core.task.RetryPolicy;
import dev.ratchet.core.task.TaskMetadata;
import dev.ratchet.core.task.TaskPackage;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the metadata of a package in the form {@link MetadataReader} reads. What the package does not declare is left
 * out, so that what is read back has the same hash whatever the defaults are by then.
 */
final class MetadataWriter {
    private final Documents documents;

    MetadataWriter(Documents documents) {
        this.documents = documents;
    }

    /** The keys Ratchet knows; schemas, tests, entry and {@link TaskMetadata#other()} are for the caller to add. */
    ObjectNode write(TaskPackage task) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        identity(task.metadata(), document);
        JsonNode declared = documents.json(task.declared().value());
        declared.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            switch (entry.getKey()) {
                case "limits" -> limits(value, document.putObject("limits"));
                case "net" -> document.putObject("permissions").set("net", value);
                case "cache" -> {
                    ObjectNode cache = document.putObject("cache");
                    cache.set("ttl", duration(value.path("ttl").longValue()));
                    if (value.has("onlySuccess")) {
                        cache.set("onlySuccess", value.path("onlySuccess"));
                    }
                }
                default -> document.set(entry.getKey(), value); // written in the contract as in the metadata
            }
        });
        task.retry().ifPresent(policy -> retry(policy, document.putObject("retry")));
        return document;
    }

    private static void identity(TaskMetadata metadata, ObjectNode document) {
        document.put("name", metadata.name());
        if (!metadata.label().equals(metadata.name())) {
            document.put("label", metadata.label());
        }
        document.put("version", metadata.version());
        metadata.uuid().ifPresent(uuid -> document.put("uuid", uuid.toString()));
        if (!metadata.description().isEmpty()) {
            document.put("description", metadata.description());
        }
        if (!metadata.tags().isEmpty()) {
            metadata.tags().forEach(document.putArray("tags")::add);
        }
        if (!metadata.author().isEmpty()) {
            document.put("author", metadata.author());
        }
        if (!metadata.license().isEmpty()) {
            document.put("license", metadata.license());
        }
    }

    private static void limits(JsonNode declared, ObjectNode limits) {
        declared.properties().forEach(entry -> {
            String key = entry.getKey();
            limits.set(
                    key,
                    MetadataReader.DURATION_LIMITS.contains(key)
                            ? duration(entry.getValue().longValue())
                            : entry.getValue());
        });
    }

    private static void retry(RetryPolicy policy, ObjectNode retry) {
        retry.put("maxRetries", policy.maxRetries());
        retry.put("backoff", policy.backoff().name().toLowerCase(Locale.ROOT));
        retry.set("initialDelay", duration(policy.initialDelay().toMillis()));
        retry.set("maxDelay", duration(policy.maxDelay().toMillis()));
        retry.put("jitter", policy.jitter());
        retry.put("retryUnsafe", policy.retryUnsafe());
    }

    /** Seconds where they are whole. */
    private static JsonNode duration(long millis) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return millis % 1_000 == 0 ? nodes.numberNode(millis / 1_000) : nodes.stringNode(millis + "ms");
    }
}

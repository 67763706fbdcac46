package dev.ratchet.registry;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.task.Compat;
import dev.ratchet.core.task.NetPermissions;
import dev.ratchet.core.task.ResultCachePolicy;
import dev.ratchet.core.task.RetryPolicy;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskMetadata;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a package's {@code metadata.json} or {@code meta.yaml} says.
 *
 * @param identity who the task is
 * @param limits limits in force
 * @param net network permissions
 * @param secrets names of the secrets it reads
 * @param retry retry policy
 * @param cache leave to answer from earlier results
 * @param httpCache whether answers to its requests may be kept
 * @param declared what the package names of the hashed contract, schemas apart, in its normal form
 * @param compat interface generation
 * @param entrypoint path of the entry file, where the package names it
 * @param inputSchema schema given inline
 * @param outputSchema schema given inline
 * @param testCases test cases given inline
 */
record Metadata(
        TaskMetadata identity,
        TaskLimits limits,
        NetPermissions net,
        SortedSet<String> secrets,
        Optional<RetryPolicy> retry,
        Optional<ResultCachePolicy> cache,
        boolean httpCache,
        JsonText declared,
        Compat compat,
        @Nullable String entrypoint,
        @Nullable InlineSchema inputSchema,
        @Nullable InlineSchema outputSchema,
        List<JsonNode> testCases) {
    /**
     * A schema within the metadata.
     *
     * @param key the key it was given under
     * @param shorthand whether it was made from {@code inputs} or {@code outputs}
     */
    record InlineSchema(String key, JsonNode schema, boolean shorthand) {}
}

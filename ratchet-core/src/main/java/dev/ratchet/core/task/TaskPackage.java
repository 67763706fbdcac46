package dev.ratchet.core.task;

import dev.ratchet.core.common.JsonText;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A complete task as its author wrote it: immutable, checked, ready to run.
 *
 * @param metadata identity
 * @param code what a worker runs
 * @param inputSchema JSON Schema of the input; absent means any JSON value
 * @param outputSchema JSON Schema of the output; absent means any JSON value
 * @param limits declared limits over {@link TaskLimits#DEFAULTS}
 * @param net declared network permissions
 * @param secrets names of the secrets the task reads
 * @param retry declared retry policy, absent when the server's default applies
 * @param cache leave to answer from earlier results, absent when every run is to run
 * @param httpCache whether answers to its requests may be kept as their {@code Cache-Control} says
 * @param tests test files by path inside the package, unparsed
 * @param declared what the package itself declares of its contract, as {@link ContentHash} covers it
 * @param contentHash name of the content, see {@link ContentHash}
 */
public record TaskPackage(
        TaskMetadata metadata,
        TaskCode code,
        Optional<JsonText> inputSchema,
        Optional<JsonText> outputSchema,
        TaskLimits limits,
        NetPermissions net,
        Set<String> secrets,
        Optional<RetryPolicy> retry,
        Optional<ResultCachePolicy> cache,
        boolean httpCache,
        Map<String, JsonText> tests,
        JsonText declared,
        ContentHash contentHash) {
    public TaskPackage {
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(declared, "declared");
        Objects.requireNonNull(contentHash, "contentHash");
        secrets = Set.copyOf(secrets);
        tests = Collections.unmodifiableMap(new TreeMap<>(tests));
    }

    /** Paths of the test files in order. */
    public List<String> testPaths() {
        return List.copyOf(tests.keySet());
    }

    /** The same package run under other limits; the hash stays that of the declared content. */
    public TaskPackage withLimits(TaskLimits newLimits) {
        return new TaskPackage(
                metadata,
                code,
                inputSchema,
                outputSchema,
                newLimits,
                net,
                secrets,
                retry,
                cache,
                httpCache,
                tests,
                declared,
                contentHash);
    }
}

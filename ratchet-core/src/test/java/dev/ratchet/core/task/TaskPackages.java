package dev.ratchet.core.task;

import dev.ratchet.core.common.JsonText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Packages for tests: valid, small, and different from each other where a test says so. */
public final class TaskPackages {
    private TaskPackages() {}

    /** A package of one file. */
    public static TaskPackage of(String name, String version, String source) {
        return of(name, version, Map.of("main.js", source), Optional.empty(), "{}", Optional.empty());
    }

    /** The same with an identifier. */
    public static TaskPackage withUuid(TaskPackage task, UUID uuid) {
        TaskMetadata old = task.metadata();
        return new TaskPackage(
                new TaskMetadata(
                        old.name(),
                        old.label(),
                        old.version(),
                        Optional.of(uuid),
                        old.description(),
                        old.tags(),
                        old.author(),
                        old.license(),
                        old.other()),
                task.code(),
                task.inputSchema(),
                task.outputSchema(),
                task.limits(),
                task.net(),
                task.secrets(),
                task.retry(),
                task.cache(),
                task.httpCache(),
                task.tests(),
                task.declared(),
                task.contentHash());
    }

    /** The same with another retry policy, which is no part of the hash. */
    public static TaskPackage withRetry(TaskPackage task, RetryPolicy retry) {
        return new TaskPackage(
                task.metadata(),
                task.code(),
                task.inputSchema(),
                task.outputSchema(),
                task.limits(),
                task.net(),
                task.secrets(),
                Optional.of(retry),
                task.cache(),
                task.httpCache(),
                task.tests(),
                task.declared(),
                task.contentHash());
    }

    /** A package of several files, {@code main.js} among them, with a contract. */
    public static TaskPackage of(
            String name,
            String version,
            Map<String, String> files,
            Optional<JsonText> inputSchema,
            String declared,
            Optional<JsonText> outputSchema) {
        TaskCode code = new TaskCode(new TreeMap<>(files), "main.js", Compat.NONE);
        JsonText contract = new JsonText(declared);
        return new TaskPackage(
                new TaskMetadata(name, name, version, Optional.empty(), "", List.of(), "", "", JsonText.EMPTY_OBJECT),
                code,
                inputSchema,
                outputSchema,
                TaskLimits.DEFAULTS,
                NetPermissions.ANY_PUBLIC_HOST,
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                Map.of(),
                contract,
                ContentHash.of(code, contract, inputSchema, outputSchema));
    }
}

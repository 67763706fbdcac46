package dev.ratchet.core.execution;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.VersionId;
import dev.ratchet.core.task.ResultCachePolicy;
import java.util.Optional;

/**
 * Port to remembered results. Inputs are compared in canonical form (RFC 8785), so white space and key order do not
 * matter. Thread-safe; may forget at any time.
 */
public interface ResultCache {
    /** An end that may stand for another run, and the execution that had it. */
    record Remembered(ExecutionId execution, ExecutionEnd end) {}

    /** What is remembered for this input and still fresh. */
    Optional<Remembered> find(TenantId tenant, VersionId version, JsonText input);

    /** Remembers an end, if the policy allows it. */
    void remember(TenantId tenant, VersionId version, JsonText input, ResultCachePolicy policy, Remembered result);

    /** Remembers nothing. */
    ResultCache NONE = new ResultCache() {
        @Override
        public Optional<Remembered> find(TenantId tenant, VersionId version, JsonText input) {
            return Optional.empty();
        }

        @Override
        public void remember(
                TenantId tenant, VersionId version, JsonText input, ResultCachePolicy policy, Remembered result) {}
    };
}

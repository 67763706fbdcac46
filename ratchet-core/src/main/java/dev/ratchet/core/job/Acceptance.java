package dev.ratchet.core.job;

import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;

/** What became of a job that was to be accepted. */
public sealed interface Acceptance {
    /** It is stored and will run. */
    record Accepted(JobId job, ExecutionId execution) implements Acceptance {}

    /** The same request was accepted before under its idempotency key: this is its job, running or ended. */
    record Repeated(JobId job, ExecutionId execution) implements Acceptance {}

    /** Its idempotency key belongs to another request. */
    record KeyTaken(JobId job) implements Acceptance {}

    /** There is a job for this planned time of its schedule already. */
    record FiredBefore() implements Acceptance {}
}

package dev.ratchet.core.job;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.NodeId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A job to be accepted, with its first execution.
 *
 * @param job as it is to be stored: QUEUED, or PROCESSING with {@code startOn}
 * @param input validated against the version's schema
 * @param idempotency the key under which it is submitted
 * @param plannedFor the planned time of the job's schedule, of which there is one job
 * @param repeats the execution it repeats, of origin RETRY
 * @param startOn the node that takes it at once, without a claim; its first execution is then RUNNING with token 1
 */
public record NewJob(
        Job job,
        JsonText input,
        Optional<Idempotency> idempotency,
        Optional<Instant> plannedFor,
        Optional<ExecutionId> repeats,
        Optional<NodeId> startOn) {
    /**
     * A promise that one key makes one job.
     *
     * @param key the caller's, 1 to 255 characters; each tenant has its own
     * @param fingerprint of the whole request: equal for equal requests
     * @param expiresAt until when it is remembered
     */
    public record Idempotency(String key, String fingerprint, Instant expiresAt) {}

    public NewJob {
        Objects.requireNonNull(job, "job");
        Objects.requireNonNull(input, "input");
        JobStatus expected = startOn.isPresent() ? JobStatus.PROCESSING : JobStatus.QUEUED;
        if (job.status() != expected) {
            throw new IllegalArgumentException("a new job is " + expected + ", was " + job.status());
        }
    }
}

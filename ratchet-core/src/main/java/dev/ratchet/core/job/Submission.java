package dev.ratchet.core.job;

import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;

/**
 * An accepted job.
 *
 * @param job its identifier
 * @param execution what to poll: its first attempt, or its latest where it was accepted before
 * @param repeated whether it was accepted before, under the same idempotency key
 */
public record Submission(JobId job, ExecutionId execution, boolean repeated) {}

package dev.ratchet.core.job;

import dev.ratchet.core.common.JsonText;
import java.util.Objects;

/**
 * The right to run one attempt of a job and to say how it ended.
 *
 * @param job the job, PROCESSING, with the execution and the number of the attempt
 * @param input what the task is given
 * @param token fences the attempt: only who shows it may end it, and whoever takes the job over gets a larger one
 */
public record Claim(Job job, JsonText input, long token) {
    /** The token of a job's first attempt when it is started as it is accepted. */
    public static final long FIRST_TOKEN = 1;

    public Claim {
        Objects.requireNonNull(job, "job");
        Objects.requireNonNull(input, "input");
    }
}

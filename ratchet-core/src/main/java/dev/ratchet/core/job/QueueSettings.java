package dev.ratchet.core.job;

import dev.ratchet.core.task.RetryPolicy;
import java.time.Duration;
import java.util.Objects;

/**
 * How the queue behaves on a node.
 *
 * @param maxRunning attempts at a time
 * @param maxWaiting jobs that may wait, over all nodes; more are refused
 * @param lease how long a node counts as alive without saying so
 * @param heartbeat how often it says so; less than a third of {@code lease}
 * @param poll how often to look for work that no signal told of
 * @param retry policy of jobs whose task declares none
 * @param idempotencyTtl how long an idempotency key is remembered
 * @param drain how long running attempts may go on when the node stops
 */
public record QueueSettings(
        int maxRunning,
        int maxWaiting,
        Duration lease,
        Duration heartbeat,
        Duration poll,
        RetryPolicy retry,
        Duration idempotencyTtl,
        Duration drain) {
    /** What holds when nothing is configured. */
    public static final QueueSettings DEFAULTS = new QueueSettings(
            10,
            100_000,
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            RetryPolicy.DEFAULT,
            Duration.ofHours(24),
            Duration.ofSeconds(30));

    public QueueSettings {
        Objects.requireNonNull(retry, "retry");
        if (maxRunning < 1 || maxWaiting < 1) {
            throw new IllegalArgumentException("maxRunning and maxWaiting must be at least 1");
        }
        if (!heartbeat.isPositive() || heartbeat.multipliedBy(3).compareTo(lease) > 0) {
            throw new IllegalArgumentException("the heartbeat must be positive and at most a third of the lease");
        }
        if (!poll.isPositive()) {
            throw new IllegalArgumentException("the poll interval must be positive");
        }
    }
}

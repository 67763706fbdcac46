package dev.ratchet.core.job;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many jobs wait, as far as this node knows: counted now and then, and in between moved by what this node does. So
 * nodes together may exceed the limit by what they accept between two counts. Thread-safe.
 */
final class QueueDepth {
    private final JobStore jobs;
    private final int limit;
    private final AtomicLong waiting = new AtomicLong();

    QueueDepth(JobStore jobs, int limit) {
        this.jobs = jobs;
        this.limit = limit;
    }

    void count() {
        waiting.set(jobs.waiting(limit + 1));
    }

    void added() {
        waiting.incrementAndGet();
    }

    void taken(int jobsTaken) {
        waiting.addAndGet(-jobsTaken);
    }

    long waiting() {
        return Math.max(0, waiting.get());
    }

    void requireRoom() {
        if (waiting.get() >= limit) {
            throw new RatchetException(
                    ErrorCode.RATE_LIMITED,
                    "the queue is full: " + limit + " jobs wait; try again when some of them have run");
        }
    }
}

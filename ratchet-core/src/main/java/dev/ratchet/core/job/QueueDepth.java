package dev.ratchet.core.job;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many jobs wait, as far as this node knows: counted now and then, and in between moved by what this node does. So
 * nodes together may exceed the limit by what they accept between two counts. Thread-safe.
 */
final class QueueDepth {
    private static final int MAX_SKIPPED = 5;

    private final JobStore jobs;
    private final int limit;
    private final AtomicLong changes = new AtomicLong();
    private volatile long base;
    private int skipped;

    QueueDepth(JobStore jobs, int limit) {
        this.jobs = jobs;
        this.limit = limit;
    }

    /** Counts what is stored. One thread at a time. */
    void count() {
        long before = changes.get();
        long counted = jobs.waiting(limit + 1);
        // What changed meanwhile may be counted or not; a count in a quiet moment is worth waiting for a few times.
        if (changes.get() == before || ++skipped > MAX_SKIPPED) {
            base = counted - before;
            skipped = 0;
        }
    }

    void added() {
        changes.incrementAndGet();
    }

    void taken(int jobsTaken) {
        changes.addAndGet(-jobsTaken);
    }

    long waiting() {
        return Math.max(0, base + changes.get());
    }

    void requireRoom() {
        if (waiting() >= limit) {
            throw new RatchetException(
                    ErrorCode.RATE_LIMITED,
                    "the queue is full: " + limit + " jobs wait; try again when some of them have run");
        }
    }
}

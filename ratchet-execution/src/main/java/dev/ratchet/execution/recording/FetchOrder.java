package dev.ratchet.execution.recording;

import dev.ratchet.core.common.Cancellation;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Brings fetches into the order in which their task started them. They are answered on threads of their own; where the
 * answer to one depends on the answers given before, the same run must not end differently by luck. Thread-safe.
 */
public final class FetchOrder {
    /** Far above what earlier fetches need; reached only when one of them never asks, as after an abort. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<Integer> passed = new HashSet<>();
    private final Duration patience;
    private int firstMissing = 1;

    public FetchOrder() {
        this(PATIENCE);
    }

    /** @param patience longest wait for an earlier fetch, which may never come */
    public FetchOrder(Duration patience) {
        this.patience = patience;
    }

    /** Waits until every fetch started before {@code fetchId} has {@link #pass passed}, for a bounded time. */
    public void awaitEarlier(int fetchId, Cancellation cancellation) {
        lock.lock();
        try (Cancellation.Registration _ = cancellation.onCancel(this::wake)) {
            long left = patience.toNanos();
            while (left > 0 && !cancellation.isCancelled() && firstMissing < fetchId) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** The fetch has its answer. */
    public void pass(int fetchId) {
        lock.lock();
        try {
            passed.add(fetchId);
            while (passed.remove(firstMissing)) {
                firstMissing++;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}

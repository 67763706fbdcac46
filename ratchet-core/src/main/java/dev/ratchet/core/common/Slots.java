package dev.ratchet.core.common;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Places for work that has to be looked for: how many are free, and whether there may be work for them. One thread looks;
 * any number give places back. Thread-safe.
 */
public final class Slots {
    private final int all;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int free;
    private boolean workSeen = true;
    private boolean stopped;

    /** @param all how many there are, all of them free */
    public Slots(int all) {
        this.all = all;
        this.free = all;
    }

    /** There may be work. */
    public void ring() {
        lock.lock();
        try {
            workSeen = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes every free slot, at least one, as soon as there may be work for it.
     *
     * @param untilDue time after which there may be work although nobody has rung
     * @return how many; 0 after {@link #stop()}, and when the thread is interrupted, which it stays
     */
    public int takeAll(Duration untilDue) {
        lock.lock();
        try {
            long left = untilDue.toNanos();
            while (!stopped && (free == 0 || (!workSeen && left > 0))) {
                if (free == 0) {
                    changed.await();
                } else {
                    left = changed.awaitNanos(left);
                }
            }
            if (stopped) {
                return 0;
            }
            workSeen = false;
            int taken = free;
            free = 0;
            return taken;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /** Takes one slot for work that is there; false when none is free, and after {@link #stop()}. */
    public boolean takeOne() {
        lock.lock();
        try {
            if (stopped || free == 0) {
                return false;
            }
            free--;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives slots back.
     *
     * @param more whether there may be more work
     */
    public void giveBack(int slots, boolean more) {
        lock.lock();
        try {
            free += slots;
            workSeen |= more;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** No slot can be taken any more; those that are can be given back. */
    public void stop() {
        lock.lock();
        try {
            stopped = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until none is taken; false when some are after {@code atMost}, or when the thread is interrupted. */
    public boolean awaitAllFree(Duration atMost) {
        lock.lock();
        try {
            long left = atMost.toNanos();
            while (free < all && left > 0) {
                left = changed.awaitNanos(left);
            }
            return free == all;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}

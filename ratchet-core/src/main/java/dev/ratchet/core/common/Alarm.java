package dev.ratchet.core.common;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What a thread that works from time to time sleeps on: it wakes when its time has come, when it is rung for, and when it
 * is to stop. A ring that finds nobody asleep is kept for the next sleep. Thread-safe; made for one sleeper.
 */
public final class Alarm {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean rung;
    private boolean stopped;

    /** Ends the sleep under way, or the next one. */
    public void ring() {
        lock.lock();
        try {
            rung = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends every sleep and pause for good. */
    public void stop() {
        lock.lock();
        try {
            stopped = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Whether {@link #stop()} has been called. */
    public boolean isStopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until rung, and no longer than {@code atMost}.
     *
     * @return whether to go on; false after {@link #stop()}, and when the thread is interrupted, which it stays
     */
    public boolean sleep(Duration atMost) {
        return await(atMost, true);
    }

    /** Waits for {@code time} whoever rings; returns what {@link #sleep} does. */
    public boolean pause(Duration time) {
        return await(time, false);
    }

    private boolean await(Duration time, boolean untilRung) {
        lock.lock();
        try {
            long left = time.toNanos();
            while (!stopped && left > 0 && !(untilRung && rung)) {
                left = changed.awaitNanos(left);
            }
            if (untilRung) {
                rung = false;
            }
            return !stopped;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}

package dev.ratchet.bench;

import java.util.concurrent.locks.LockSupport;

/** Waiting by the clock. */
final class Pacing {
    private Pacing() {}

    static void pause(long nanos) {
        until(System.nanoTime() + nanos);
    }

    /** Returns at once when that time has passed. */
    static void until(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}

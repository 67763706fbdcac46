package dev.ratchet.execution;

import java.util.ArrayDeque;
import java.util.Deque;

/** What is known of one shape of workers: who is idle, how many are under way, and how starting them goes. */
final class Need {
    /** Failed starts after which work that waits is told so. */
    static final int START_ATTEMPTS = 3;

    // Guarded by the roster's lock.
    final Deque<Worker> idle = new ArrayDeque<>();
    int starting;
    int busy;
    /** Work in the queue that a worker of this shape is to be had for, as of the last time it was given out. */
    int waiting;

    int failures;
    long nextStartAt;
    boolean backingOff;
    /** Whether one idle worker is kept ready until {@link #keepUntil}, although nobody waits for it. */
    boolean keep;

    long keepUntil;
    String lastFailure = "";

    /** Whether the last start failed, and no worker of this shape lives. */
    boolean isFailing() {
        return failures > 0 && idle.isEmpty() && busy == 0;
    }

    boolean isEmpty() {
        return idle.isEmpty() && starting == 0 && busy == 0 && waiting == 0 && !backingOff && !keep;
    }

    /** Whether starts have failed often enough, and no worker of this shape lives that could do the work. */
    boolean isHopeless() {
        return failures >= START_ATTEMPTS && idle.isEmpty() && busy == 0;
    }

    void keepUntil(long deadline) {
        keep = true;
        keepUntil = deadline;
    }

    String startFailure() {
        return "no worker could be started in " + failures + " attempts; the last one: " + lastFailure
                + ". Check the Java installation, the memory of the machine, and whether a distribution is complete.";
    }
}

package dev.ratchet.execution.worker;

import org.jspecify.annotations.Nullable;

/** A run from the arrival of its message to its end, as the thread that reads frames sees it. */
final class ActiveRun {
    private final RunInbox inbox;
    private volatile @Nullable ScriptRun run;

    ActiveRun(RunInbox inbox) {
        this.inbox = inbox;
    }

    RunInbox inbox() {
        return inbox;
    }

    /**
     * Says which run of the engine this is, on the run's thread and before it begins.
     *
     * @return false when it was terminated before it began
     */
    boolean attach(ScriptRun opened) {
        run = opened;
        return !inbox.isStopped();
    }

    /** Stops the run without waiting until it has stopped. */
    void terminate() {
        inbox.stop();
        ScriptRun opened = run;
        if (opened != null) {
            // Returns only when the guest has stopped, which may take as long as a step of the engine.
            Thread.ofPlatform().daemon().name("terminator").start(opened::terminate);
        }
    }
}

package dev.ratchet.execution.worker;

/** Unwinds the guest's thread after the run was terminated or the parent has gone. */
final class RunStopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RunStopped() {
        super("the run was stopped", null, false, false);
    }
}

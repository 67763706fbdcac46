package dev.ratchet.execution.worker;

import org.jspecify.annotations.Nullable;

/** The surroundings of code that is only looked at: it can be stopped, and has no network and nobody to talk to. */
final class InspectionHost implements RunHost {
    private final RunHost host;

    InspectionHost(RunHost host) {
        this.host = host;
    }

    @Override
    public void fetchOpen(int id, FetchInit init) {
        throw new IllegalStateException(
                "fetch is not available at a file's top level while it is checked: call it from the task's function");
    }

    @Override
    public void fetchAborted(int id) {
        // No fetch was opened.
    }

    @Override
    public void log(int level, long epochMillis, String message) {
        // Nobody asked for output.
    }

    @Override
    public void progress(double fraction, String message) {
        // Nobody asked for output.
    }

    @Override
    public @Nullable RunEvent next(long nanos) {
        return host.next(nanos);
    }
}

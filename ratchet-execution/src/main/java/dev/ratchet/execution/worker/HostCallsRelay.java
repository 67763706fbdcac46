package dev.ratchet.execution.worker;

import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** Lets a context be prepared before it is known which run it is for. */
final class HostCallsRelay implements HostCalls {
    private @Nullable HostCalls target;

    void bind(HostCalls run) {
        target = run;
    }

    private HostCalls target() {
        if (target == null) {
            throw new IllegalStateException("no run has begun in this context");
        }
        return target;
    }

    @Override
    public long fetchStart(FetchInit init) {
        return target().fetchStart(init);
    }

    @Override
    public void fetchAbort(long id) {
        target().fetchAbort(id);
    }

    @Override
    public FetchAnswer fetchBlocking(FetchInit init) {
        return target().fetchBlocking(init);
    }

    @Override
    public long timerStart(double delayMillis, boolean repeat) {
        return target().timerStart(delayMillis, repeat);
    }

    @Override
    public void timerClear(long id) {
        target().timerClear(id);
    }

    @Override
    public double now() {
        return target().now();
    }

    @Override
    public double performanceNow() {
        return target().performanceNow();
    }

    @Override
    public double timeOrigin() {
        return target().timeOrigin();
    }

    @Override
    public double random() {
        return target().random();
    }

    @Override
    public void randomBytes(byte[] bytes) {
        target().randomBytes(bytes);
    }

    @Override
    public void log(String level, String message) {
        target().log(level, message);
    }

    @Override
    public void progress(double fraction, String message) {
        target().progress(fraction, message);
    }

    @Override
    public void uncaught(Value thrown) {
        target().uncaught(thrown);
    }
}

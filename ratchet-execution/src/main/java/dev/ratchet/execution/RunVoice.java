package dev.ratchet.execution;

import dev.ratchet.core.execution.ExecutionListener;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.core.secret.SecretMask;
import dev.ratchet.execution.protocol.Message;
import dev.ratchet.execution.protocol.ProtocolException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes on what one run says: masked, bounded, one call at a time. Thread-safe. */
final class RunVoice {
    private static final Logger log = LoggerFactory.getLogger(RunVoice.class);

    private static final LogLine.Level[] LEVELS = LogLine.Level.values();

    /** Room for the line in which the worker says that the rest is dropped. */
    private static final int NOTICE_BYTES = 1024;

    /** What a worker may send over the limit, which it should keep by itself, before it counts as broken. */
    private static final long TOLERATED_OVERRUN = 1024L * 1024L;

    private static final int MAX_PROGRESS_MESSAGE = 1000;
    private static final long PROGRESS_INTERVAL = TimeUnit.MILLISECONDS.toNanos(50);

    private final ExecutionListener listener;
    private final SecretMask mask;
    private final long allowedBytes;
    private long usedBytes;
    private long droppedBytes;
    private long lastProgress;
    private boolean progressed;
    private volatile Message.@Nullable Progress heldBack;
    private boolean listenerFailed;
    private final AtomicBoolean flushing = new AtomicBoolean();

    RunVoice(ExecutionListener listener, SecretMask mask, long logBytes) {
        this.listener = listener;
        this.mask = mask;
        this.allowedBytes = logBytes + NOTICE_BYTES;
    }

    /**
     * A line of console output. Each counts one byte more than it has, so that empty ones are bounded too.
     *
     * @throws ProtocolException when the worker does not keep the limit it was given
     */
    synchronized void log(Message.Log line) throws ProtocolException {
        if (line.level() < 0 || line.level() >= LEVELS.length) {
            throw new ProtocolException("log level " + line.level());
        }
        long bytes = OutputText.utf8Length(line.message());
        if (usedBytes + bytes + 1 > allowedBytes) {
            droppedBytes += bytes + 1;
            if (droppedBytes > allowedBytes + TOLERATED_OVERRUN) {
                throw new ProtocolException("log output of " + (usedBytes + droppedBytes) + " bytes where "
                        + allowedBytes + " are allowed");
            }
            return;
        }
        usedBytes += bytes + 1;
        LogLine masked = new LogLine(LEVELS[line.level()], line.epochMillis(), mask.mask(line.message()));
        tell(() -> listener.onLog(masked));
    }

    /** Progress; when it comes fast only the latest of each interval is passed on. */
    synchronized void progress(Message.Progress progress, long now) throws ProtocolException {
        if (!(progress.fraction() >= 0 && progress.fraction() <= 1)) {
            throw new ProtocolException("progress of " + progress.fraction());
        }
        heldBack = progress;
        flush(now, false);
    }

    /** As {@link #flush}, without making the caller wait for a listener that takes its time. */
    void flushSoon(long now) {
        if (heldBack != null && flushing.compareAndSet(false, true)) {
            Thread.ofVirtual().name("ratchet-progress").start(() -> {
                try {
                    flush(now, false);
                } finally {
                    flushing.set(false);
                }
            });
        }
    }

    /** Passes on what was held back and is due, or everything if {@code last}. */
    synchronized void flush(long now, boolean last) {
        Message.Progress due = heldBack;
        if (due == null || (!last && progressed && now - lastProgress < PROGRESS_INTERVAL)) {
            return;
        }
        heldBack = null;
        progressed = true;
        lastProgress = now;
        String message = mask.mask(truncated(due.message()));
        tell(() -> listener.onProgress(due.fraction(), message));
    }

    /** A further attempt starts, with the whole allowance of log bytes. */
    synchronized void attempt(int attempt, String reason) {
        usedBytes = 0;
        tell(() -> listener.onAttempt(attempt, reason));
    }

    /** Bytes not passed on although the worker sent them. */
    synchronized long droppedBytes() {
        return droppedBytes;
    }

    /** A listener that throws must not cost the run, nor the worker that carries it. */
    private void tell(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            if (!listenerFailed) {
                listenerFailed = true;
                log.atWarn().setCause(e).log("a listener of a run threw; further failures of it are not logged");
            }
        }
    }

    private static String truncated(String message) {
        return message.length() <= MAX_PROGRESS_MESSAGE ? message : message.substring(0, MAX_PROGRESS_MESSAGE) + "…";
    }
}

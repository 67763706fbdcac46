package dev.ratchet.execution.worker;

/**
 * A run's console lines and progress reports, up to a number of bytes; what exceeds it is dropped, and the first drop
 * is said in a line of its own. A line costs {@link #LINE_BYTES} besides its text, so that a flood of empty lines ends
 * too.
 */
final class RunLog {
    /** What a line costs without any text. */
    static final int LINE_BYTES = 16;

    private static final int WARN = 3;

    private final RunHost host;
    private final long limit;
    private long used;
    private long dropped;
    private boolean full;

    RunLog(RunHost host, long limit) {
        this.host = host;
        this.limit = limit;
    }

    void line(int level, long epochMillis, String message) {
        long bytes = Utf8.length(message);
        if (admits(bytes, epochMillis)) {
            host.log(level, epochMillis, message);
        } else {
            dropped += bytes;
        }
    }

    void progress(double fraction, String message, long epochMillis) {
        long bytes = Utf8.length(message);
        if (admits(bytes, epochMillis)) {
            host.progress(fraction, message);
        } else {
            dropped += bytes;
        }
    }

    /** UTF-8 bytes of text that were not passed on. */
    long droppedBytes() {
        return dropped;
    }

    private boolean admits(long bytes, long epochMillis) {
        if (!full && used + bytes + LINE_BYTES <= limit) {
            used += bytes + LINE_BYTES;
            return true;
        }
        if (!full) {
            full = true;
            host.log(WARN, epochMillis, "log limit of " + limit + " bytes reached; everything after this is dropped");
        }
        return false;
    }
}

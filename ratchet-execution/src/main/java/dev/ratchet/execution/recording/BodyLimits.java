package dev.ratchet.execution.recording;

/**
 * How much of the bodies a recording keeps. A longer body is cut, and the recording says so.
 *
 * @param perBody bytes kept of one request or response body
 * @param total bytes kept of all bodies together
 */
public record BodyLimits(int perBody, long total) {
    /** 1 MiB of each body, 16 MiB in all. */
    public static final BodyLimits DEFAULT = new BodyLimits(1024 * 1024, 16L * 1024 * 1024);

    public BodyLimits {
        if (perBody < 0 || total < perBody) {
            throw new IllegalArgumentException(
                    "body limits need 0 <= perBody <= total, were " + perBody + " and " + total);
        }
    }
}

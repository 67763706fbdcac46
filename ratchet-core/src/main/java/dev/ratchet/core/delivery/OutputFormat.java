package dev.ratchet.core.delivery;

/** How a result is written. */
public enum OutputFormat {
    /** JSON, over several lines if the server is set to. */
    JSON,
    /** JSON in one line. */
    JSON_COMPACT,
    /** YAML 1.2, every string quoted. */
    YAML,
    /** Comma-separated values (RFC 4180). */
    CSV,
    /** XML 1.0 with the root element {@code output}. */
    XML,
    /** A string as its text, everything else as the JSON text it is. */
    RAW
}

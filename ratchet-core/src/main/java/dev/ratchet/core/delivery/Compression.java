package dev.ratchet.core.delivery;

/** How a written result is packed. */
public enum Compression {
    /** Not at all. */
    NONE(""),
    /** RFC 1952. */
    GZIP(".gz"),
    /** Zstandard, RFC 8878. */
    ZSTD(".zst");

    private final String suffix;

    Compression(String suffix) {
        this.suffix = suffix;
    }

    /** What file names end with; empty where nothing is packed. */
    public String suffix() {
        return suffix;
    }
}

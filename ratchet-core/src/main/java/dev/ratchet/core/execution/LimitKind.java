package dev.ratchet.core.execution;

/** The limits a run can exceed, with the unit in which {@code used} and {@code allowed} are counted. */
public enum LimitKind {
    WALL_TIME("wallTime", "ms"),
    CPU_TIME("cpuTime", "ms"),
    MEMORY("memory", "bytes"),
    OUTPUT_BYTES("outputBytes", "bytes"),
    FETCHES("fetches", "requests"),
    FETCH_BYTES("fetchBytes", "bytes");

    private final String key;
    private final String unit;

    LimitKind(String key, String unit) {
        this.key = key;
        this.unit = unit;
    }

    /** The key under {@code limits} in a task package that sets this limit. */
    public String key() {
        return key;
    }

    /** What is counted. */
    public String unit() {
        return unit;
    }
}

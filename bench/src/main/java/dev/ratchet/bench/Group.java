package dev.ratchet.bench;

import java.io.IOException;

/** Lines that are measured together. */
@FunctionalInterface
interface Group {
    /** Measures and reports. */
    void measure(Distribution distribution, Report report) throws IOException, InterruptedException;
}

package dev.ratchet.server.settings;

import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * What the server has to know of the process it runs in.
 *
 * @param version version of the program
 * @param console shows one line to whoever started the process
 * @param coloured whether standard error is a terminal that shows colours
 * @param pid number of the process
 * @param startedAt when the process was started
 */
public record ProcessFacts(String version, Consumer<String> console, boolean coloured, long pid, Instant startedAt) {
    public ProcessFacts {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(console, "console");
        Objects.requireNonNull(startedAt, "startedAt");
    }
}

package dev.ratchet.cli.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Configuration files to start from. */
public enum ConfigTemplate {
    /** What most people change first. */
    MINIMAL,
    /** For writing tasks on one's own machine. */
    DEV,
    /** One server that others rely on. */
    PRODUCTION,
    /** Several servers on one PostgreSQL. */
    ENTERPRISE;

    /** The commented file, YAML. */
    public String text() {
        String name = name().toLowerCase(Locale.ROOT) + ".yaml";
        try (InputStream in = ConfigTemplate.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the jar of the command line");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.ratchet.cli;

import java.util.Locale;

/** What {@code --format} accepts where a command reports findings: for people, or for programs. */
enum ReportFormat {
    TEXT,
    JSON;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

package dev.ratchet.cli.config;

import java.util.List;

/** A configuration that can be used. */
public final class LoadedConfig {
    private final RatchetConfig config;
    private final List<String> warnings;
    private final Values values;

    LoadedConfig(RatchetConfig config, List<String> warnings, Values values) {
        this.config = config;
        this.warnings = List.copyOf(warnings);
        this.values = values;
    }

    /** The settings. */
    public RatchetConfig config() {
        return config;
    }

    /** What should be told to whoever started the program, one line each and without secrets. */
    public List<String> warnings() {
        return warnings;
    }

    /** The same settings for people. */
    public ConfigView view() {
        return new ConfigView(values);
    }
}

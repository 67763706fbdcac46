package dev.ratchet.cli.config;

import java.util.List;

/**
 * A configuration that can be used.
 *
 * @param config the settings
 * @param warnings what should be told to whoever started the program, one line each and without secrets
 * @param view the same settings for people
 */
public record LoadedConfig(RatchetConfig config, List<String> warnings, ConfigView view) {
    public LoadedConfig {
        warnings = List.copyOf(warnings);
    }
}

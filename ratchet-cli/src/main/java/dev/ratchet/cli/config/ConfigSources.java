package dev.ratchet.cli.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a configuration comes from; what stands later here wins.
 *
 * @param file the file, YAML or JSON; empty for none
 * @param environment the variables of the process; those that begin with {@code RATCHET_} are looked at, and those that
 *     secrets refer to
 * @param options options of the command that stand for a key
 */
public record ConfigSources(Optional<Path> file, Map<String, String> environment, List<OptionValue> options) {
    public ConfigSources {
        environment = Map.copyOf(environment);
        options = List.copyOf(options);
    }

    /** A file, if one is given, and the environment. */
    public static ConfigSources of(Optional<Path> file, Map<String, String> environment) {
        return new ConfigSources(file, environment, List.of());
    }

    /**
     * The same, with an option over it.
     *
     * @param option as it is typed, for messages, such as {@code --port}
     * @param key the key it stands for, such as {@code server.port}
     * @param value its value as a variable would have it
     */
    public ConfigSources with(String option, String key, String value) {
        List<OptionValue> more = new ArrayList<>(options);
        more.add(new OptionValue(option, key, value));
        return new ConfigSources(file, environment, more);
    }

    /** Leaves the variables out, which have secrets. */
    @Override
    public String toString() {
        return "ConfigSources[file=" + file + ", options=" + options + "]";
    }

    /**
     * An option over a key.
     *
     * @param option as it is typed
     * @param key the key it stands for
     * @param value its value
     */
    public record OptionValue(String option, String key, String value) {}
}

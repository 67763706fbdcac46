package dev.ratchet.cli.config;

import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Loads the configuration, for every command and for the server.
 *
 * <pre>{@code
 * LoadedConfig loaded = ConfigLoader.load(ConfigSources.of(file, System.getenv()).with("--port", "server.port", "8081"));
 * loaded.warnings().forEach(log::warn);
 * RatchetConfig config = loaded.config().requireServable();
 * }</pre>
 */
public final class ConfigLoader {
    private ConfigLoader() {}

    /**
     * Reads all sources.
     *
     * @throws RatchetException when something in them cannot be understood: all problems at once, each with its file and
     *     JSON pointer, its variable or its option; also when the file is missing or cannot be read
     */
    public static LoadedConfig load(ConfigSources sources) {
        Document document = sources.file().map(Document::read).orElse(Document.NONE);
        Gathering gathering = new Gathering(new References(sources.environment(), secretsDirectory(sources, document)));
        gathering.document(document);
        gathering.environment();
        gathering.options(sources.options());

        List<Problem> problems = new ArrayList<>(gathering.problems());
        List<String> warnings = new ArrayList<>(gathering.warnings());
        Assembly assembly = new Assembly(gathering.values(), sources.environment(), problems, warnings);
        RatchetConfig config = assembly.config();
        if (!problems.isEmpty()) {
            throw Document.unusable(problems.stream().sorted().distinct().toList());
        }
        return new LoadedConfig(config, warnings, gathering.values());
    }

    /** Needed before the other values are read, which may refer to files in it. Its faults are found when it is read. */
    private static @Nullable Path secretsDirectory(ConfigSources sources, Document document) {
        Map<String, String> environment = sources.environment();
        String directory = Keys.SECRETS_DIRECTORY.variables().stream()
                .map(name -> environment.getOrDefault(name, ""))
                .filter(value -> !value.isEmpty())
                .findFirst()
                .orElseGet(() ->
                        document.root().at(Keys.SECRETS_DIRECTORY.pointer()).asString(""));
        try {
            return directory.isEmpty() ? null : Path.of(directory);
        } catch (InvalidPathException e) {
            return null;
        }
    }
}

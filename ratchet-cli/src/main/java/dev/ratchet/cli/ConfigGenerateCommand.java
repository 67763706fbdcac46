package dev.ratchet.cli;

import dev.ratchet.cli.config.ConfigTemplate;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes a configuration file to start from. */
@Command(
        name = "generate",
        description = "Writes a commented configuration file to start from, or with claude the JSON that Claude Desktop"
                + " needs to find Ratchet.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  ratchet config generate --output ratchet.yaml",
            "  ratchet config generate --config-type production --output ratchet.yaml --force",
            "  ratchet config generate --config-type claude",
            "",
            "Exit codes: 0 done, 2 usage or an existing file, 4 infrastructure."
        })
final class ConfigGenerateCommand implements Callable<Integer> {
    private final CliEnvironment environment;

    @Option(
            names = "--config-type",
            paramLabel = "TYPE",
            defaultValue = "dev",
            description = "${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}.")
    private ConfigType type = ConfigType.DEV;

    @Option(
            names = "--output",
            paramLabel = "PATH",
            description = "Where to write it. Required but for claude, which is printed without.")
    private @Nullable Path output;

    @Option(names = "--force", description = "Replace an existing file.")
    private boolean force;

    ConfigGenerateCommand(CliEnvironment environment) {
        this.environment = environment;
    }

    /** What {@code --config-type} accepts. */
    enum ConfigType {
        MINIMAL,
        DEV,
        PRODUCTION,
        ENTERPRISE,
        CLAUDE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Integer call() {
        String text =
                switch (type) {
                    case MINIMAL -> ConfigTemplate.MINIMAL.text();
                    case DEV -> ConfigTemplate.DEV.text();
                    case PRODUCTION -> ConfigTemplate.PRODUCTION.text();
                    case ENTERPRISE -> ConfigTemplate.ENTERPRISE.text();
                    case CLAUDE -> claude();
                };
        Path file = output;
        if (file != null) {
            write(file, text);
            environment.out().println(RunDisplay.printable(file.toString()));
        } else if (type == ConfigType.CLAUDE) {
            environment.out().print(text);
        } else {
            throw new RatchetException(
                    ErrorCode.BAD_REQUEST,
                    "config generate needs --output PATH, such as --output ratchet.yaml"
                            + " (see 'ratchet config generate --help')");
        }
        return ExitCode.OK;
    }

    /** Claude Desktop starts programs with no working folder to speak of, so the command is absolute where it is known. */
    private String claude() {
        String command = environment
                .home()
                .map(home ->
                        home.resolve("bin").resolve("ratchet").toAbsolutePath().toString())
                .orElse("ratchet");
        Map<String, Object> server = new LinkedHashMap<>();
        server.put("command", command);
        server.put("args", List.of("mcp-serve", "--transport", "stdio"));
        server.put("env", Map.of());
        return Json.pretty(Map.of("mcpServers", Map.of("ratchet", server))) + "\n";
    }

    /** Writes beside the place and renames, so that nobody ever reads half a file. */
    private void write(Path file, String text) {
        if (!force && Files.exists(file)) {
            throw new RatchetException(ErrorCode.CONFLICT, file + " exists already; --force replaces it");
        }
        Path folder = file.toAbsolutePath().getParent();
        try {
            if (folder == null || Files.isDirectory(file)) {
                throw new RatchetException(ErrorCode.BAD_REQUEST, file + " is a folder; accepted: the path of a file");
            }
            Files.createDirectories(folder);
            Path draft = Files.createTempFile(folder, ".ratchet-config-", ".tmp");
            try {
                try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                    channel.force(true);
                }
                move(draft, file);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw new RatchetException(
                    ErrorCode.IO_ERROR,
                    file + " cannot be written: " + e.getClass().getSimpleName() + " " + e.getMessage(),
                    e);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}

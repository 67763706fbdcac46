package dev.ratchet.cli;

import dev.ratchet.execution.http.HostResolver;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Runs commands inside the test, as {@code main} would, with streams and environment of its own. */
final class CommandLineHarness {
    private final Map<String, String> variables = new HashMap<>();
    private HostResolver resolver = HostResolver.SYSTEM;
    private Optional<Path> home = Optional.empty();
    private String input = "";

    /** What a command left behind. */
    record Outcome(int exitCode, String out, String err) {}

    CommandLineHarness variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    CommandLineHarness resolver(HostResolver newResolver) {
        resolver = newResolver;
        return this;
    }

    /** The distribution whose workers are to be used, in place of the test's own class path. */
    CommandLineHarness home(Path distribution) {
        home = Optional.of(distribution);
        return this;
    }

    CommandLineHarness input(String text) {
        input = text;
        return this;
    }

    Outcome run(String... args) {
        return run(new ByteArrayOutputStream(), args);
    }

    /** Runs with a standard output that takes nothing, as on a full disk. */
    Outcome runWithoutOutput(String... args) {
        return run(
                new ByteArrayOutputStream() {
                    @Override
                    public void write(byte[] bytes) throws IOException {
                        throw new IOException("no space left on device");
                    }

                    @Override
                    public void flush() throws IOException {
                        throw new IOException("no space left on device");
                    }
                },
                args);
    }

    private Outcome run(ByteArrayOutputStream out, String... args) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = RatchetCli.run(environment(out, err), args);
        return new Outcome(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** What commands get, for tests that use parts of them. */
    CliEnvironment environment(OutputStream out, OutputStream err) {
        return new CliEnvironment(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                false,
                false,
                Map.copyOf(variables),
                home,
                resolver,
                Clock.systemUTC());
    }
}

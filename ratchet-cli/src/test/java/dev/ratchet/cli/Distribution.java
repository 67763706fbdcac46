package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Starts the program of the distribution as a user would, in processes that are told apart from all others by the
 * temporary folder they use: a worker's command line names it.
 */
final class Distribution {
    static final Path HOME = Path.of("target", "dist").toAbsolutePath();
    static final Path PROGRAM = HOME.resolve("bin").resolve("ratchet");

    /** Longest wait for anything; far more than needed, because other builds may run beside this one. */
    static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final String NOTE = "NOTE: Picked up JDK_JAVA_OPTIONS";

    private final Path directory;
    private final Path temporary;
    private final Map<String, String> variables = new HashMap<>();
    private List<String> prefix = List.of();

    /** What a process left behind. */
    record Finished(int exitCode, String out, String err) {}

    /** @param directory working directory of the processes; their temporary folder is made in it */
    Distribution(Path directory) throws IOException {
        this.directory = directory.toRealPath();
        this.temporary = Files.createDirectories(this.directory.resolve("tmp"));
        variables.put("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary);
    }

    Distribution variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    /** Words in front of the program's name, of another program that starts it. */
    Distribution startedBy(String... words) {
        prefix = List.of(words);
        return this;
    }

    Finished run(String... args) throws Exception {
        return start(args).await();
    }

    Running start(String... args) throws IOException {
        List<String> words = new ArrayList<>(prefix);
        words.add(PROGRAM.toString());
        words.addAll(List.of(args));
        return startCommand(words);
    }

    /** Any other command, with the same working directory and variables. */
    Running startCommand(List<String> words) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
        builder.environment().putAll(variables);
        return new Running(builder.start());
    }

    /** Worker processes that are alive. */
    List<ProcessHandle> workers() {
        // What is dead and not yet buried has no command line.
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(temporary.toString()) && line.contains("worker.jar"))
                        .isPresent())
                .toList();
    }

    /** Fails unless every worker ends in time and, if asked for, the folders of their pools are gone. */
    void assertNothingLeft(Duration within) throws IOException {
        assertThat(holds(within, () -> workers().isEmpty()))
                .as("workers left: %s", workers())
                .isTrue();
        try (Stream<Path> files = Files.list(temporary)) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith("ratchet-")))
                    .isEmpty();
        }
    }

    /** Looks every few milliseconds whether the condition holds. */
    static boolean holds(Duration within, BooleanSupplier condition) {
        long deadline = System.nanoTime() + within.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        return true;
    }

    /** A task folder in the working directory with this code as main.js, and schemas that accept everything. */
    Path task(String name, String code) throws IOException {
        return writeTask(directory.resolve(name), name, code, "");
    }

    /** @param more further members of the metadata, each with a comma before it */
    static Path writeTask(Path folder, String name, String code, String more) throws IOException {
        Files.createDirectories(folder.resolve("tests"));
        Files.writeString(
                folder.resolve("metadata.json"), "{\"name\": \"" + name + "\", \"version\": \"1.0.0\"" + more + "}");
        Files.writeString(folder.resolve("main.js"), code);
        Files.writeString(folder.resolve("input.schema.json"), "{}");
        Files.writeString(folder.resolve("output.schema.json"), "{}");
        Files.writeString(
                folder.resolve("tests").resolve("any.json"),
                "{\"name\": \"ends well\", \"input\": {}, \"should_fail\": false}");
        return folder;
    }

    /** A process under way; both of its streams are read all the time. */
    static final class Running {
        private final Process process;
        private final Text out;
        private final Text err;

        private Running(Process process) {
            this.process = process;
            this.out = new Text(process.getInputStream());
            this.err = new Text(process.getErrorStream());
        }

        Process process() {
            return process;
        }

        /** Gives this on standard input and ends it. */
        Running input(String text) throws IOException {
            try (OutputStream in = process.getOutputStream()) {
                in.write(text.getBytes(StandardCharsets.UTF_8));
            }
            return this;
        }

        /** Waits until standard error contains the text; fails if it never does. */
        Running awaitErr(String text) {
            boolean found = holds(PATIENCE, () -> err.text().contains(text) || !process.isAlive());
            assertThat(err.text()).contains(text);
            assertThat(found).isTrue();
            return this;
        }

        String out() {
            return out.text();
        }

        String err() {
            return err.text();
        }

        /** Sends a signal by the name that kill(1) knows, to the process or, as a terminal does, to its group. */
        void signal(String name, boolean group) throws Exception {
            List<String> words = List.of("kill", "-s", name, "--", (group ? "-" : "") + process.pid());
            Process kill = new ProcessBuilder(words).redirectErrorStream(true).start();
            assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(kill.exitValue())
                    .as(new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isZero();
        }

        Finished await() throws InterruptedException {
            boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            assertThat(ended)
                    .as("ended within %s; it said: %s", PATIENCE, err.text())
                    .isTrue();
            return new Finished(process.exitValue(), out.whole(), withoutNote(err.whole()));
        }

        /** The JVM's own remark on the variable that this class sets. */
        private static String withoutNote(String text) {
            return text.startsWith(NOTE) ? text.substring(text.indexOf('\n') + 1) : text;
        }
    }

    /** What a stream has given so far. */
    private static final class Text {
        private final StringBuilder text = new StringBuilder();
        private final Thread reader;

        Text(InputStream stream) {
            // Not a virtual one: reading from a pipe blocks its carrier, and there are as few as processors.
            this.reader = Thread.ofPlatform().daemon().start(() -> {
                try (Reader chars = new InputStreamReader(stream, StandardCharsets.UTF_8)) {
                    char[] buffer = new char[8192];
                    for (int read = chars.read(buffer); read >= 0; read = chars.read(buffer)) {
                        synchronized (text) {
                            text.append(buffer, 0, read);
                        }
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }

        String text() {
            synchronized (text) {
                return text.toString();
            }
        }

        String whole() throws InterruptedException {
            assertThat(reader.join(PATIENCE)).as("the stream ends").isTrue();
            return text();
        }
    }
}

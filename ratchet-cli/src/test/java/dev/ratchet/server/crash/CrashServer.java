package dev.ratchet.server.crash;

import dev.ratchet.server.lifecycle.ServerFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** A server of the distribution in a process of its own, with {@link FailPoints} on its class path. */
final class CrashServer implements AutoCloseable {
    /** Longest wait for a start or an end; far more than needed, because other builds may run beside this one. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Process process;
    private final Path data;
    private final Path output;

    /**
     * How all servers of a campaign are started.
     *
     * @param home the distribution
     * @param directory for data directories, logs and temporary files
     * @param config configuration file
     */
    record Launcher(Path home, Path directory, Path config) {
        /** @param name tells servers apart that run beside each other; each has its own data directory */
        CrashServer start(String name, Optional<FailPoint> point) throws IOException {
            Path data = directory.resolve(name);
            Path temporary = Files.createDirectories(directory.resolve("tmp"));
            Path output = directory.resolve(name + ".log");
            List<String> words = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:-UsePerfData",
                    // Written by the first server that ends as it should; the others start faster by it.
                    "-XX:+AutoCreateSharedArchive",
                    "-XX:SharedArchiveFile=" + directory.resolve("server.jsa"),
                    "-Xlog:disable",
                    "--enable-native-access=ALL-UNNAMED",
                    "-Djava.io.tmpdir=" + temporary,
                    "-Dratchet.home=" + home));
            point.ifPresent(at -> words.add("-D" + FailPoints.PROPERTY + "=" + at));
            words.addAll(List.of(
                    "-cp",
                    home.resolve("ratchet.jar") + ":" + failPoints(),
                    "dev.ratchet.cli.RatchetCli",
                    "serve",
                    "--config",
                    config.toString(),
                    "--data-dir",
                    data.toString()));
            Process process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                    .start();
            return new CrashServer(process, data, output);
        }

        /** The fail-points as a jar by which Spring Boot finds them; on no other class path, so no other test has them. */
        private Path failPoints() throws IOException {
            Path file = directory.resolve("fail-points.jar");
            if (Files.exists(file)) {
                return file;
            }
            try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
                jar.putNextEntry(new JarEntry("META-INF/spring.factories"));
                jar.write(("org.springframework.context.ApplicationContextInitializer=" + FailPoints.class.getName())
                        .getBytes(StandardCharsets.US_ASCII));
                for (Class<?> needed : FailPoints.parts()) {
                    String name = needed.getName().replace('.', '/') + ".class";
                    jar.putNextEntry(new JarEntry(name));
                    try (InputStream in =
                            Objects.requireNonNull(FailPoints.class.getResourceAsStream("/" + name), name)) {
                        in.transferTo(jar);
                    }
                }
            }
            return file;
        }
    }

    private CrashServer(Process process, Path data, Path output) {
        this.process = process;
        this.data = data;
        this.output = output;
    }

    /** Its address as soon as it accepts requests; empty when it ended before. */
    Optional<URI> awaitReady() throws IOException {
        List<ServerFile> found = new ArrayList<>();
        boolean settled = holds(PATIENCE, () -> {
            ServerFile.read(data).filter(file -> file.pid() == process.pid()).ifPresent(found::add);
            return !found.isEmpty() || !process.isAlive();
        });
        if (!settled) {
            throw new IOException("the server did not start within " + PATIENCE + "; its log is " + output);
        }
        return found.stream().findFirst().map(file -> URI.create(file.url()));
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Whether it ends within the time. */
    boolean endsWithin(Duration time) throws InterruptedException {
        return process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends it as a power cut would, if it still runs; says whether it had come to its fail-point before. */
    boolean kill() throws IOException, InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IOException("process " + process.pid() + " cannot be killed");
        }
        return process.exitValue() == FailPoints.EXIT_CODE;
    }

    /** Asks it to end and does not wait. */
    void terminate() {
        process.destroy();
    }

    /** Asks it to end and waits; false when it does not end as it should. */
    boolean stop() throws InterruptedException {
        process.destroy();
        return process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 143;
    }

    @Override
    public void close() {
        process.destroyForcibly();
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
}

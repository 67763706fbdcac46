package dev.ratchet.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The server, from the start of the script to the line that says it accepts requests, and its weight when idle. */
final class ServerStarts implements Group {
    private static final int TIMES = 5;
    private static final int MOST_SECONDS = 60;
    private static final String ACCEPTING = "accepting requests at ";

    /** Long enough for its workers to be warm, and for what the start left behind to be given back. */
    private static final long IDLE_NANOS = Duration.ofSeconds(20).toNanos();

    @Override
    public void measure(Distribution distribution, Report report) throws IOException, InterruptedException {
        Samples accepting = new Samples();
        double resident = 0;
        // Once before it counts, for the page cache.
        for (int i = 0; i <= TIMES; i++) {
            Path data = Files.createTempDirectory("ratchet-bench-server");
            ProcessBuilder builder = new ProcessBuilder(List.of(
                            distribution.program().toString(), "serve", "--port", "0", "--data-dir", data.toString()))
                    .redirectErrorStream(true);
            builder.environment().put("JAVA_HOME", distribution.javaHome().toString());
            long begun = System.nanoTime();
            Process server = builder.start();
            try {
                awaitAccepting(server);
                if (i > 0) {
                    accepting.add(System.nanoTime() - begun);
                }
                if (i == TIMES) {
                    pause(IDLE_NANOS);
                    resident = residentMegabytes(server.pid());
                }
            } finally {
                end(server);
                remove(data);
            }
        }
        report.atMost(
                "serve to accepting requests: median",
                4,
                accepting.medianMillis() / 1000,
                "s",
                "of " + accepting.count() + ": best " + Report.number(accepting.percentileMillis(0) / 1000)
                        + " s, worst " + Report.number(accepting.percentileMillis(100) / 1000) + " s");
        report.atMost("resident, idle, server without its workers", 450, resident, "MB", "20 s after its start");
    }

    private static void awaitAccepting(Process server) throws IOException {
        BufferedReader output =
                new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.contains(ACCEPTING)) {
                return;
            }
        }
        throw new IllegalStateException("the server ended before it accepted requests");
    }

    private static double residentMegabytes(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    private static void end(Process server) throws InterruptedException {
        server.destroy();
        if (!server.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
            server.destroyForcibly();
            throw new IllegalStateException("the server did not end within " + MOST_SECONDS + " s");
        }
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList().reversed()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}

package dev.ratchet.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The server as it is shipped, started by its script, and ended with this object. */
final class RunningServer implements AutoCloseable {
    private static final int MOST_SECONDS = 60;
    private static final int KEPT_LINES = 40;
    private static final Pattern ACCEPTING = Pattern.compile("accepting requests at (http://\\S+)");

    private final Process process;
    private final Thread ending;
    private final URI url;
    private final Duration start;

    private RunningServer(Process process, Thread ending, URI url, Duration start) {
        this.process = process;
        this.ending = ending;
        this.url = url;
        this.start = start;
    }

    /** Starts a server on {@code place} with the default configuration, and returns when it accepts requests. */
    static RunningServer start(Distribution distribution, BenchDatabase.Place place)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        distribution.program().toString(),
                        "serve",
                        "--port",
                        "0",
                        "--data-dir",
                        place.data().toString()))
                .redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", distribution.javaHome().toString());
        builder.environment().putAll(place.environment());
        long begun = System.nanoTime();
        Process process = builder.start();
        // Where the benchmark is ended from outside, the server must not outlive it; its workers end with it.
        Thread ending = Thread.ofPlatform().unstarted(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(ending);
        CompletableFuture<URI> accepting = new CompletableFuture<>();
        Thread.ofVirtual().name("server-output").start(() -> drain(process, accepting));
        try {
            URI url = accepting.get(MOST_SECONDS, TimeUnit.SECONDS);
            return new RunningServer(process, ending, url, Duration.ofNanos(System.nanoTime() - begun));
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
            throw new IllegalStateException("the server did not accept requests within " + MOST_SECONDS + " s", e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private static void drain(Process process, CompletableFuture<URI> accepting) {
        Deque<String> last = new ArrayDeque<>();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                Matcher matcher = ACCEPTING.matcher(line);
                if (matcher.find()) {
                    accepting.complete(URI.create(matcher.group(1)));
                } else if (accepting.isDone() && (line.contains(" WARN ") || line.contains(" ERROR "))) {
                    System.err.println("server: " + line);
                }
                last.add(line);
                if (last.size() > KEPT_LINES) {
                    last.remove();
                }
            }
            accepting.completeExceptionally(
                    new IllegalStateException("the server ended; it wrote: " + String.join("\n", last)));
        } catch (IOException e) {
            accepting.completeExceptionally(e);
        }
    }

    URI url() {
        return url;
    }

    /** From the start of the script to the line that says that it accepts requests. */
    Duration start() {
        return start;
    }

    long pid() {
        return process.pid();
    }

    double resident() throws IOException {
        return ProcessMemory.resident(pid());
    }

    /** Resident size of all its workers together. */
    double workersResident() throws IOException {
        double sum = 0;
        for (ProcessHandle worker : process.descendants().toList()) {
            sum += ProcessMemory.resident(worker.pid());
        }
        return sum;
    }

    int workers() {
        return (int) process.descendants().count();
    }

    /** Waits until the workers are up, since tasks would wait for them, and says what they run on. */
    String awaitWorkers(Connection connection) throws IOException {
        long deadline =
                System.nanoTime() + Duration.ofSeconds(2L * MOST_SECONDS).toNanos();
        while (System.nanoTime() < deadline) {
            JsonNode workers = connection.get("/api/v1/workers").path("data");
            long idle = 0;
            String engine = "";
            for (JsonNode worker : workers) {
                if (worker.path("status").asString("").equals("IDLE")) {
                    idle++;
                    engine = worker.path("engine").asString("");
                }
            }
            if (idle > 0 && idle == workers.size()) {
                return idle + " workers" + (engine.isEmpty() ? "" : ", " + engine);
            }
            Pacing.pause(Duration.ofMillis(100).toNanos());
        }
        throw new IllegalStateException("the workers were not ready within " + 2 * MOST_SECONDS + " s");
    }

    @Override
    public void close() throws InterruptedException {
        try {
            Runtime.getRuntime().removeShutdownHook(ending);
        } catch (IllegalStateException e) {
            // The benchmark itself is being ended, and the hook is at it.
            return;
        }
        process.destroy();
        if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
            throw new IllegalStateException("the server did not end within " + MOST_SECONDS + " s and was killed");
        }
    }
}

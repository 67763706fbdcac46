package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.cli.Distribution.Finished;
import dev.ratchet.cli.Distribution.Running;
import dev.ratchet.server.lifecycle.ServerFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A server started from the distribution on a free port, as a process of its own. Closing kills it if it still runs.
 *
 * <pre>{@code
 * try (ServerProcess server = ServerProcess.start(directory, data)) {
 *     HttpResponse<String> answer = server.get("/health");
 *     server.kill();
 * }
 * }</pre>
 */
final class ServerProcess implements AutoCloseable {
    private final Running running;
    private final ServerFile file;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    private ServerProcess(Running running, ServerFile file) {
        this.running = running;
        this.file = file;
    }

    /**
     * Starts one and waits until it accepts requests.
     *
     * @param directory working directory; one that another server may use too
     * @param data data directory, with whatever an earlier server left in it
     * @param options further options of the command, such as {@code --config FILE}
     */
    static ServerProcess start(Path directory, Path data, String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("serve", "--port", "0", "--data-dir", data.toString()));
        words.addAll(List.of(options));
        Running running = new Distribution(directory).start(words.toArray(String[]::new));
        running.awaitErr("accepting requests at ");
        return new ServerProcess(running, ServerFile.read(data).orElseThrow());
    }

    ServerFile file() {
        return file;
    }

    URI uri(String path) {
        return URI.create(file.url() + path);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    /** Sends a request, and fails when the answer is not as the interface's description has it. */
    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        ApiContract.committed().check(request, answer);
        return answer;
    }

    /** What it has written to standard error so far. */
    String err() {
        return running.err();
    }

    /** Asks it to end, as {@code kill(1)} does, and waits for that. */
    Finished stop() throws Exception {
        running.signal("TERM", false);
        return running.await();
    }

    /** Ends it the way a power cut does, and waits for that. */
    void kill() throws Exception {
        running.signal("KILL", false);
        running.await();
    }

    @Override
    public void close() {
        client.shutdownNow();
        Process process = running.process();
        process.destroyForcibly();
        assertThat(Distribution.holds(Distribution.PATIENCE, () -> !process.isAlive()))
                .isTrue();
    }
}

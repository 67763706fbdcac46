package dev.ratchet.server;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * What a server does while the virtual machine notes, for the archive of later starts, which classes that takes and which
 * methods are hot: it stores a task, runs it often enough for the compilers to have seen what that takes, and answers
 * requests of the other usual kinds.
 */
public final class TrainingRun implements Consumer<URI> {
    private static final int PATIENCE_MILLIS = (int) Duration.ofSeconds(60).toMillis();
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int CONNECTIONS = 16;

    /** Of each connection: in all, enough runs for the compilers to have seen what one takes. */
    private static final int ROUNDS = 125;

    /** Rounds between two of the seldom requests. */
    private static final int SELDOM = 10;

    private static final String TASK = """
            {"name": "training", "version": "1.0.0",
             "sourceCode": "export default function ({a, b}) { return {sum: a + b}; }",
             "inputSchema": {"type": "object", "required": ["a", "b"],
               "properties": {"a": {"type": "number"}, "b": {"type": "number"}}},
             "outputSchema": {"type": "object", "properties": {"sum": {"type": "number"}}}}
            """;

    private static final String INPUT = "{\"input\": {\"a\": 1, \"b\": 2}}";

    private static final List<String> OFTEN =
            List.of("/api/v1/queue", "/api/v1/tasks/training", "/api/v1/jobs?limit=5", "/api/v1/executions?limit=5");

    private static final String NOTHING = "/nothing";

    private static final List<String> SELDOM_PATHS = List.of(
            "/",
            "/health",
            "/health/detailed",
            "/ready",
            "/live",
            "/metrics",
            "/metrics/prometheus",
            "/api/v1/workers",
            "/api/v1/jobs/stats",
            NOTHING);

    /** Made by the command. */
    public TrainingRun() {}

    @Override
    public void accept(URI server) {
        try (Client client = new Client(server)) {
            client.request("POST", "/api/v1/tasks", TASK, "201");
        } catch (IOException e) {
            throw failed(e);
        }
        long deadline = System.nanoTime() + LONGEST.toNanos();
        try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
            List<Future<Boolean>> parts = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                Callable<Boolean> part = () -> {
                    requests(server, deadline);
                    return true;
                };
                parts.add(threads.submit(part));
            }
            for (Future<Boolean> part : parts) {
                part.get();
            }
        } catch (ExecutionException e) {
            throw failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(e);
        }
    }

    private static void requests(URI server, long deadline) throws IOException {
        try (Client client = new Client(server)) {
            for (int round = 0; round < ROUNDS; round++) {
                if (System.nanoTime() - deadline > 0) {
                    throw new IOException("it was not over within " + LONGEST);
                }
                client.request("POST", "/api/v1/tasks/training/execute?wait=0", INPUT, "202");
                String execution = client.request("POST", "/api/v1/tasks/training/execute?wait=30", INPUT, "200");
                if (!execution.contains("\"COMPLETED\"")) {
                    throw new IOException("a run did not succeed: " + execution);
                }
                client.request("GET", OFTEN.get(round % OFTEN.size()), "", "200");
                if (round % SELDOM == 0) {
                    String path = SELDOM_PATHS.get(round / SELDOM % SELDOM_PATHS.size());
                    client.request("GET", path, "", path.equals(NOTHING) ? "404" : "200");
                }
            }
        }
    }

    private static RatchetException failed(Throwable cause) {
        return new RatchetException(ErrorCode.IO_ERROR, "the training run failed: " + cause.getMessage(), cause);
    }

    /** A connection that stays open. By hand, so that no HTTP client gets into the archive. */
    private static final class Client implements AutoCloseable {
        private static final String LENGTH = "content-length: ";

        private final URI server;
        private final Socket socket = new Socket();
        private final InputStream in;

        Client(URI server) throws IOException {
            this.server = server;
            socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setTcpNoDelay(true);
            this.in = new BufferedInputStream(socket.getInputStream());
        }

        /** Returns the body of an answer of that status, and refuses any other. */
        String request(String method, String path, String body, String wanted) throws IOException {
            byte[] content = body.getBytes(StandardCharsets.UTF_8);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes((method + " " + path + " HTTP/1.1\r\nHost: " + server.getAuthority()
                            + "\r\nAccept: */*\r\nContent-Type: application/json\r\nContent-Length: " + content.length
                            + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(content);
            out.writeTo(socket.getOutputStream());
            String status = line();
            int length = -1;
            for (String header = line(); !header.isEmpty(); header = line()) {
                if (header.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
                    length = Integer.parseInt(header.substring(LENGTH.length()).strip());
                }
            }
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            if (length >= 0) {
                answer.writeBytes(in.readNBytes(length));
            } else {
                for (int chunk = chunkLength(); chunk > 0; chunk = chunkLength()) {
                    answer.writeBytes(in.readNBytes(chunk));
                    line();
                }
                line();
            }
            if (!status.startsWith("HTTP/1.1 " + wanted)) {
                throw new IOException(method + " " + path + " was answered with '" + status + "': "
                        + answer.toString(StandardCharsets.UTF_8));
            }
            return answer.toString(StandardCharsets.UTF_8);
        }

        private int chunkLength() throws IOException {
            return Integer.parseInt(line().strip(), 16);
        }

        private String line() throws IOException {
            StringBuilder line = new StringBuilder();
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new IOException("the server closed a connection");
                }
                line.append((char) next);
            }
            return line.toString().stripTrailing();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}

package dev.ratchet.server;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a server does while the virtual machine notes, for the archive of later starts, which classes that takes and which
 * methods are hot: it answers requests of the usual kinds.
 */
public final class TrainingRun implements Consumer<URI> {
    private static final int ROUNDS = 200;
    private static final int PATIENCE_MILLIS = (int) Duration.ofSeconds(30).toMillis();

    private static final List<String> PATHS = List.of(
            "/", "/health", "/health/detailed", "/ready", "/live", "/metrics", "/metrics/prometheus", "/nothing");

    /** Made by the command. */
    public TrainingRun() {}

    @Override
    public void accept(URI server) {
        for (int round = 0; round < ROUNDS; round++) {
            for (String path : PATHS) {
                request(server, path);
            }
        }
    }

    /** By hand, so that no HTTP client gets into the archive. */
    private static void request(URI server, String path) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            OutputStream out = socket.getOutputStream();
            out.write(("GET " + path + " HTTP/1.1\r\nHost: " + server.getAuthority()
                            + "\r\nAccept: */*\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            byte[] status = in.readNBytes("HTTP/1.1 200".length());
            in.transferTo(OutputStream.nullOutputStream());
            String line = new String(status, StandardCharsets.US_ASCII);
            if (!line.startsWith("HTTP/1.1 ") || line.startsWith("HTTP/1.1 5")) {
                throw new RatchetException(ErrorCode.INTERNAL_ERROR, "the training run got '" + line + "' for " + path);
            }
        } catch (IOException e) {
            throw new RatchetException(ErrorCode.IO_ERROR, "the training run could not reach its server", e);
        }
    }
}

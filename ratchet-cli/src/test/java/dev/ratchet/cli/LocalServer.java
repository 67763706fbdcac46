package dev.ratchet.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A small HTTP/1.1 server on a loopback address that counts who connects and keeps the heads of the requests. It takes
 * {@code CONNECT} too and then answers in the place of whoever was asked for, as a proxy that leads nowhere else.
 */
final class LocalServer implements AutoCloseable {
    /**
     * @param headers complete lines, each with its line end
     * @param body in ASCII
     */
    record Answer(int status, String headers, String body) {
        static Answer ok(String body) {
            return new Answer(200, "", body);
        }
    }

    /** @param head request line and header lines */
    record Request(String line, String head, String body) {
        String path() {
            return line.split(" ", -1)[1];
        }
    }

    private final ServerSocket listener;
    private final Function<Request, Answer> answers;
    private final AtomicInteger connections = new AtomicInteger();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private LocalServer(ServerSocket listener, Function<Request, Answer> answers) {
        this.listener = listener;
        this.answers = answers;
        Thread.ofVirtual().start(this::accept);
    }

    /** @param port 0 for any */
    static LocalServer on(String address, int port, Function<Request, Answer> answers) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port), 50);
        return new LocalServer(listener, answers);
    }

    int port() {
        return listener.getLocalPort();
    }

    int connections() {
        return connections.get();
    }

    List<Request> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException e) {
            if (!listener.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            OutputStream out = socket.getOutputStream();
            for (Request request = read(in); request != null; request = read(in)) {
                requests.add(request);
                Answer answer = answers.apply(request);
                String text = request.line().startsWith("CONNECT ")
                        ? "HTTP/1.1 200 Connected\r\n\r\n"
                        : "HTTP/1.1 " + answer.status() + " Answer\r\n" + answer.headers() + "Content-Length: "
                                + answer.body().length() + "\r\n\r\n" + answer.body();
                out.write(text.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
            }
        } catch (IOException e) {
            // The other side has gone, which tests see from what it got.
        } finally {
            open.remove(socket);
        }
    }

    private static @Nullable Request read(BufferedReader in) throws IOException {
        String line = in.readLine();
        if (line == null || line.isEmpty()) {
            return null;
        }
        StringBuilder head = new StringBuilder(line).append('\n');
        int length = 0;
        for (String header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
            head.append(header).append('\n');
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring("content-length:".length()).strip());
            }
        }
        char[] body = new char[length];
        int got = 0;
        while (got < length) {
            int read = in.read(body, got, length - got);
            if (read < 0) {
                return null;
            }
            got += read;
        }
        return new Request(line, head.toString(), new String(body));
    }
}

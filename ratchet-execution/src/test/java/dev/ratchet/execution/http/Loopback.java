package dev.ratchet.execution.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A server of raw sockets on a loopback address: what it does is written out byte by byte in the test, and it counts
 * what reached it.
 */
final class Loopback implements AutoCloseable {
    /** Serves the requests of one connection until it returns. */
    @FunctionalInterface
    interface Script {
        void serve(Connection connection) throws IOException, InterruptedException;
    }

    /** A request as it came over the wire; header names are compared without case. */
    record Received(String line, Map<String, String> headers, String body) {}

    private final ServerSocket listener;
    private final Thread acceptor;
    private final AtomicInteger connections = new AtomicInteger();
    private final BlockingQueue<Received> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<Boolean> closedByPeer = new LinkedBlockingQueue<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private Loopback(ServerSocket listener, Script script) {
        this.listener = listener;
        this.acceptor = Thread.ofVirtual().start(() -> accept(script));
    }

    static Loopback on(String address, int port, Script script) {
        return on(ServerSocketFactory.getDefault(), address, port, script);
    }

    static Loopback on(ServerSocketFactory factory, String address, int port, Script script) {
        try {
            ServerSocket listener = factory.createServerSocket();
            listener.bind(new InetSocketAddress(InetAddress.ofLiteral(address), port), 50);
            return new Loopback(listener, script);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** On 127.0.0.1, answering every request with {@code response}. */
    static Loopback answering(String response) {
        return on("127.0.0.1", 0, always(response));
    }

    static Script always(String response) {
        return connection -> {
            while (connection.receive()) {
                connection.write(response);
            }
        };
    }

    static String ok(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    int port() {
        return listener.getLocalPort();
    }

    String url(String path) {
        return url("127.0.0.1", path);
    }

    String url(String host, String path) {
        return "http://" + host + ":" + port() + path;
    }

    int connections() {
        return connections.get();
    }

    /** Requests received and not yet taken. */
    int waiting() {
        return requests.size();
    }

    Received take() throws InterruptedException {
        Received received = requests.poll(5, TimeUnit.SECONDS);
        if (received == null) {
            throw new AssertionError("no request arrived");
        }
        return received;
    }

    /** Whether the peer ends a connection within some seconds. */
    boolean peerCloses() throws InterruptedException {
        return Boolean.TRUE.equals(closedByPeer.poll(5, TimeUnit.SECONDS));
    }

    @Override
    public void close() throws IOException {
        listener.close();
        try {
            // Until then the port may still take a connection.
            acceptor.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Socket socket : open) {
            socket.close();
        }
    }

    private void accept(Script script) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                open.add(socket);
                Thread.ofVirtual().start(() -> serve(socket, script));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void serve(Socket socket, Script script) {
        try (socket) {
            script.serve(new Connection(socket));
        } catch (IOException e) {
            closedByPeer.add(true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    /** The server's end of one connection. */
    final class Connection {
        private final Socket socket;
        private final InputStream in;
        private final OutputStream out;
        private String path = "";

        Connection(Socket socket) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
            this.out = socket.getOutputStream();
        }

        /** Request target of the latest request. */
        String path() {
            return path;
        }

        Socket socket() {
            return socket;
        }

        /** Reads a request; false when there is none. */
        boolean receive() throws IOException {
            String line = line();
            if (line == null || line.isEmpty()) {
                return false;
            }
            Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            for (String header = line(); header != null && !header.isEmpty(); header = line()) {
                int colon = header.indexOf(':');
                headers.merge(
                        header.substring(0, colon),
                        header.substring(colon + 1).strip(),
                        (first, second) -> first + ", " + second);
            }
            int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
            String body = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
            path = line.split(" ", -1)[1];
            requests.add(new Received(line, headers, body));
            return true;
        }

        void write(String text) throws IOException {
            write(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        void write(byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
        }

        /** Reads until the peer ends the connection, and notes that it did. */
        void awaitClose() throws IOException {
            while (in.read() >= 0) {
                // Nothing more is expected.
            }
            closedByPeer.add(true);
        }

        InputStream in() {
            return in;
        }

        private @Nullable String line() throws IOException {
            List<Byte> bytes = new ArrayList<>();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    return null;
                }
                bytes.add((byte) b);
            }
            StringBuilder text = new StringBuilder();
            for (byte b : bytes) {
                if (b != '\r') {
                    text.append((char) (b & 0xff));
                }
            }
            return text.toString();
        }
    }
}

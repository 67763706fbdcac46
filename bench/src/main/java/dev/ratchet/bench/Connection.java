package dev.ratchet.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One connection to a server of this machine, kept open, with one request at a time: as little client as possible, so
 * that what is measured is the server.
 */
final class Connection implements AutoCloseable {
    private static final int MOST_MILLIS = 120_000;
    private static final JsonMapper JSON = new JsonMapper();

    private final int port;
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private final AnswerBuffer answer = new AnswerBuffer();

    Connection(URI server) throws IOException {
        port = server.getPort();
        socket = open(port);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    private static Socket open(int port) throws IOException {
        Socket opened = new Socket(InetAddress.getLoopbackAddress(), port);
        opened.setTcpNoDelay(true);
        opened.setSoTimeout(MOST_MILLIS);
        return opened;
    }

    /** A request as it goes over the wire. */
    static byte[] request(int port, String method, String path, String body) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String head = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n"
                + (content.length == 0 && method.equals("GET")
                        ? ""
                        : "Content-Type: application/json\r\nContent-Length: " + content.length + "\r\n")
                + "\r\n";
        byte[] first = head.getBytes(StandardCharsets.ISO_8859_1);
        byte[] whole = new byte[first.length + content.length];
        System.arraycopy(first, 0, whole, 0, first.length);
        System.arraycopy(content, 0, whole, first.length, content.length);
        return whole;
    }

    byte[] request(String method, String path, String body) {
        return request(port, method, path, body);
    }

    /** Sends and waits for the whole answer, which the next call overwrites. */
    AnswerBuffer send(byte[] request) throws IOException {
        out.write(request);
        answer.clear();
        do {
            ByteBuffer room = answer.room();
            int read = in.read(room.array(), room.position(), room.remaining());
            if (read < 0) {
                throw new EOFException("the server closed the connection");
            }
            answer.added(read);
        } while (!answer.isComplete());
        if (answer.isLast()) {
            socket.close();
            socket = open(port);
            in = socket.getInputStream();
            out = socket.getOutputStream();
        }
        return answer;
    }

    /** The same, for an answer of the 200s, without which there is nothing to measure. */
    JsonNode json(String method, String path, String body) throws IOException {
        AnswerBuffer received = send(request(method, path, body));
        if (received.status() / 100 != 2) {
            throw new IllegalStateException(method + " " + path + " was answered with " + received);
        }
        return parse(received);
    }

    static JsonNode parse(AnswerBuffer answer) {
        return JSON.readTree(answer.body());
    }

    JsonNode get(String path) throws IOException {
        return json("GET", path, "");
    }

    JsonNode post(String path, String body) throws IOException {
        return json("POST", path, body);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

package dev.ratchet.execution.http;

import static dev.ratchet.execution.http.Gates.LOCAL;
import static dev.ratchet.execution.http.Gates.SETTINGS;
import static dev.ratchet.execution.http.Gates.call;
import static dev.ratchet.execution.http.Gates.failure;
import static dev.ratchet.execution.http.Gates.gate;
import static dev.ratchet.execution.http.Gates.get;
import static dev.ratchet.execution.http.Gates.post;
import static dev.ratchet.execution.http.Gates.response;
import static dev.ratchet.execution.http.Gates.send;
import static dev.ratchet.execution.http.Gates.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpAnswer.Reason;
import dev.ratchet.core.http.HttpHeader;
import dev.ratchet.core.http.HttpTiming;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpGateTest {
    @Test
    void sendWhenAnsweredGivesResponse() throws Exception {
        try (Loopback server = Loopback.answering("HTTP/1.1 418 I'm a teapot\r\nX-A: 1\r\nx-a: 2\r\nSet-Cookie: c=d\r\n"
                        + "Keep-Alive: timeout=5\r\nContent-Length: 2\r\n\r\nhi");
                HttpGate gate = gate()) {
            HttpAnswer.Response response = response(send(gate, get(server.url("/p?q=1#f")), LOCAL));

            assertThat(response.status()).isEqualTo(418);
            assertThat(response.statusText()).isEqualTo("I'm a teapot");
            assertThat(response.url()).isEqualTo(server.url("/p?q=1"));
            assertThat(response.redirected()).isFalse();
            assertThat(response.headers())
                    .containsExactly(
                            new HttpHeader("X-A", "1"),
                            new HttpHeader("x-a", "2"),
                            new HttpHeader("Set-Cookie", "c=d"),
                            new HttpHeader("Content-Length", "2"));
            assertThat(text(response)).isEqualTo("hi");
            assertThat(server.take().line()).isEqualTo("GET /p?q=1 HTTP/1.1");
        }
    }

    @Test
    void sendWhenRequestHasNoHeadersAddsItsOwn() throws Exception {
        try (Loopback server = Loopback.answering(Loopback.ok(""));
                HttpGate gate = gate()) {
            send(gate, get(server.url("/")), LOCAL);

            assertThat(server.take().headers())
                    .containsOnly(
                            Map.entry("Host", "127.0.0.1:" + server.port()),
                            Map.entry("Accept", "*/*"),
                            Map.entry("User-Agent", "Ratchet/1.0"),
                            Map.entry("Accept-Encoding", "gzip, deflate"));
        }
    }

    @Test
    void sendWhenRequestSetsConnectionHeadersDropsThem() throws Exception {
        try (Loopback server = Loopback.answering(Loopback.ok(""));
                HttpGate gate = gate()) {
            send(
                    gate,
                    get(
                            server.url("/"),
                            "Host",
                            "evil.example",
                            "Content-Length",
                            "99",
                            "Transfer-Encoding",
                            "chunked",
                            "Expect",
                            "100-continue",
                            "Accept-Encoding",
                            "br",
                            "User-Agent",
                            "mine",
                            "Accept",
                            "text/html",
                            "X-Latin",
                            "caf\u00e9"),
                    LOCAL);

            assertThat(server.take().headers())
                    .containsEntry("Host", "127.0.0.1:" + server.port())
                    .containsEntry("Accept-Encoding", "gzip, deflate")
                    .containsEntry("User-Agent", "mine")
                    .containsEntry("Accept", "text/html")
                    .containsEntry("X-Latin", "caf\u00e9")
                    .doesNotContainKeys("Content-Length", "Transfer-Encoding", "Expect");
        }
    }

    @Test
    void sendWhenBodySendsItsLength() throws Exception {
        try (Loopback server = Loopback.answering(Loopback.ok(""));
                HttpGate gate = gate()) {
            send(gate, post(server.url("/"), "grüße"), LOCAL);
            send(gate, call("POST", server.url("/"), List.of(), null), LOCAL);

            Loopback.Received first = server.take();
            assertThat(first.headers()).containsEntry("Content-Length", "7");
            assertThat(first.body().getBytes(StandardCharsets.ISO_8859_1))
                    .isEqualTo("grüße".getBytes(StandardCharsets.UTF_8));
            assertThat(server.take().headers()).containsEntry("Content-Length", "0");
        }
    }

    @Test
    void sendWhenHeaderWouldBreakLineSendsNothing() throws Exception {
        try (Loopback server = Loopback.answering(Loopback.ok(""));
                HttpGate gate = gate()) {
            HttpAnswer answer = send(gate, get(server.url("/"), "X-A", "1\r\nX-B: 2"), LOCAL);

            failure(answer, Reason.BAD_URL);
            assertThat(server.connections()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CONNECT", "TRACE", "TRACK", "trace"})
    void sendWhenMethodIsForbiddenSendsNothing(String method) throws Exception {
        try (Loopback server = Loopback.answering(Loopback.ok(""));
                HttpGate gate = gate()) {
            failure(send(gate, call(method, server.url("/"), List.of(), null), LOCAL), Reason.NOT_PERMITTED);

            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void sendWhenHeadKeepsHeadersWithoutBody() throws Exception {
        try (Loopback server =
                        Loopback.answering("HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Encoding: gzip\r\n\r\n");
                HttpGate gate = gate()) {
            HttpAnswer.Response response = response(send(gate, call("HEAD", server.url("/"), List.of(), null), LOCAL));

            assertThat(response.body()).isEmpty();
            assertThat(response.headers()).contains(new HttpHeader("Content-Length", "9"));
            send(gate, call("HEAD", server.url("/"), List.of(), null), LOCAL);
            assertThat(server.connections()).isOne();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"204 No Content", "304 Not Modified"})
    void sendWhenStatusHasNoBodyReadsNone(String status) throws Exception {
        try (Loopback server = Loopback.answering("HTTP/1.1 " + status + "\r\n\r\n");
                HttpGate gate = gate()) {
            assertThat(response(send(gate, get(server.url("/")), LOCAL)).body()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate"})
    void sendWhenBodyIsEncodedDecodesIt(String coding) throws Exception {
        byte[] plain = "some text, some text".getBytes(StandardCharsets.UTF_8);
        byte[] encoded = coding.equals("gzip") ? BodyReaderTest.gzip(plain) : BodyReaderTest.deflate(plain, false);
        try (Loopback server = Loopback.on("127.0.0.1", 0, connection -> {
                    while (connection.receive()) {
                        connection.write("HTTP/1.1 200 OK\r\nContent-Encoding: " + coding + "\r\nX-A: 1\r\n"
                                + "Content-Length: " + encoded.length + "\r\n\r\n");
                        connection.write(encoded);
                    }
                });
                HttpGate gate = gate()) {
            HttpAnswer.Response response = response(send(gate, get(server.url("/")), LOCAL));

            assertThat(response.body()).isEqualTo(plain);
            assertThat(response.headers()).containsExactly(new HttpHeader("X-A", "1"));
            send(gate, get(server.url("/")), LOCAL);
            assertThat(server.connections()).isOne();
        }
    }

    @Test
    void sendWhenCodingIsUnknownLeavesBodyAndHeader() throws Exception {
        try (Loopback server =
                        Loopback.answering("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 3\r\n\r\nabc");
                HttpGate gate = gate()) {
            HttpAnswer.Response response = response(send(gate, get(server.url("/")), LOCAL));

            assertThat(text(response)).isEqualTo("abc");
            assertThat(response.headers()).contains(new HttpHeader("Content-Encoding", "br"));
        }
    }

    @Test
    void sendWhenRangeAsksForItUnencoded() throws Exception {
        try (Loopback server = Loopback.answering(Loopback.ok(""));
                HttpGate gate = gate()) {
            send(gate, get(server.url("/"), "Range", "bytes=0-1"), LOCAL);

            assertThat(server.take().headers()).containsEntry("Accept-Encoding", "identity");
        }
    }

    @Test
    void sendWhenRepeatedUsesOneConnection() throws Exception {
        try (Loopback server = Loopback.answering(Loopback.ok("x"));
                HttpGate gate = gate()) {
            HttpTiming first = response(send(gate, get(server.url("/")), LOCAL)).timing();
            HttpTiming second =
                    response(send(gate, get(server.url("/")), LOCAL)).timing();

            assertThat(server.connections()).isOne();
            assertThat(gate.idleConnections()).isOne();
            assertThat(first.connect()).isNotNegative();
            assertThat(second.connect()).isEqualTo(-1);
        }
    }

    @Test
    void sendWhenNoConnectionMayIdleClosesIt() throws Exception {
        HttpSettings settings = SETTINGS.withConnectionPool(
                new HttpSettings.ConnectionPool(0, Duration.ofSeconds(30), Duration.ofSeconds(5)));
        try (Loopback server = Loopback.answering(Loopback.ok("x"));
                HttpGate gate = gate(settings)) {
            send(gate, get(server.url("/")), LOCAL);
            send(gate, get(server.url("/")), LOCAL);

            assertThat(server.connections()).isEqualTo(2);
            assertThat(gate.idleConnections()).isZero();
        }
    }

    @Test
    void sendWhenServerClosedIdleConnectionTakesAnother() throws Exception {
        try (Loopback server = Loopback.on("127.0.0.1", 0, connection -> {
                    connection.receive();
                    connection.write(Loopback.ok("x"));
                });
                HttpGate gate = gate()) {
            for (int i = 0; i < 5; i++) {
                assertThat(text(send(gate, post(server.url("/"), "a"), LOCAL))).isEqualTo("x");
                server.take();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "DELETE"})
    void sendWhenConnectionDropsAfterRequestSendsItOnce(String method) throws Exception {
        try (Loopback server = Loopback.on("127.0.0.1", 0, connection -> {
                    connection.receive();
                    connection.write(Loopback.ok("x"));
                    connection.receive();
                });
                HttpGate gate = gate()) {
            send(gate, get(server.url("/first")), LOCAL);
            server.take();

            HttpAnswer answer = send(gate, call(method, server.url("/second?token=s3cret"), List.of(), "body"), LOCAL);

            HttpAnswer.Failure failure = failure(answer, Reason.PROTOCOL);
            assertThat(failure.message()).contains(server.url("/second")).doesNotContain("s3cret");
            assertThat(server.take().line()).startsWith(method + " /second");
            assertThat(server.waiting()).isZero();
            assertThat(server.connections()).isOne();
        }
    }

    @Test
    void sendWhenNobodyListensSaysWhere() throws Exception {
        int port;
        try (Loopback server = Loopback.answering("")) {
            port = server.port();
        }
        try (HttpGate gate = gate()) {
            HttpAnswer.Failure failure =
                    failure(send(gate, get("http://127.0.0.1:" + port + "/p?token=s3cret"), LOCAL), Reason.CONNECT);

            assertThat(failure.message()).contains("127.0.0.1 port " + port).doesNotContain("s3cret");
        }
    }

    @Test
    void sendWhenNameDoesNotResolveSaysSo() {
        try (HttpGate gate = gate()) {
            HttpAnswer.Failure failure = failure(send(gate, get("http://nowhere.example/"), LOCAL), Reason.DNS);

            assertThat(failure.message()).contains("nowhere.example");
            assertThat(failure.timing().dns()).isNotNegative();
            assertThat(failure.timing().connect()).isEqualTo(-1);
        }
    }

    @Test
    void sendWhenAnsweredTellsWhereTheTimeWent() throws Exception {
        try (Loopback server = Loopback.on("127.0.0.1", 0, connection -> {
                    connection.receive();
                    connection.socket().setSoTimeout(60);
                    try {
                        connection.awaitClose();
                    } catch (SocketTimeoutException e) {
                        connection.write(Loopback.ok("x"));
                    }
                });
                HttpGate gate = gate()) {
            HttpTiming timing = response(send(gate, get(server.url("app.test", "/")), Gates.granted("app.test")))
                    .timing();

            assertThat(timing.startedEpochMillis()).isEqualTo(Gates.NOW.toEpochMilli());
            assertThat(timing.dns()).isNotNegative();
            assertThat(timing.connect()).isNotNegative();
            assertThat(timing.tls()).isEqualTo(-1);
            assertThat(timing.await()).isGreaterThan(40);
            assertThat(timing.totalMillis()).isLessThan(20_000);
        }
    }

    @Test
    void sendWhenManyAtOnceAnswersEach() throws Exception {
        try (Loopback server = Loopback.on("127.0.0.1", 0, connection -> {
                    while (connection.receive()) {
                        String path = server(connection);
                        connection.write(Loopback.ok(path));
                    }
                });
                HttpGate gate = gate()) {
            List<Thread> threads = new ArrayList<>();
            Set<String> bodies = ConcurrentHashMap.newKeySet();
            for (int i = 0; i < 50; i++) {
                int number = i;
                threads.add(Thread.startVirtualThread(
                        () -> bodies.add(number + text(send(gate, get(server.url("/" + number)), LOCAL)))));
            }
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(bodies).hasSize(50);
            assertThat(gate.idleConnections()).isBetween(1, 10);
        }
    }

    private static String server(Loopback.Connection connection) {
        return connection.socket().getInetAddress().getHostAddress();
    }

    @Test
    void liveFetchesWhenAskedSendsUnderItsPolicy() throws Exception {
        try (Loopback server = Loopback.answering(Loopback.ok("x"));
                HttpGate gate = gate()) {
            LiveFetches allowed = new LiveFetches(gate, LOCAL);
            LiveFetches refused = new LiveFetches(gate, Gates.granted());

            assertThat(text(allowed.fetch(1, get(server.url("/")), new Cancellation())
                            .answer()))
                    .isEqualTo("x");
            failure(refused.fetch(2, get(server.url("/")), new Cancellation()).answer(), Reason.ADDRESS_REFUSED);
        }
    }

    @Test
    void closeWhenDoneEndsIdleConnectionsAndRefusesMore() throws IOException, InterruptedException {
        try (Loopback server = Loopback.on("127.0.0.1", 0, connection -> {
            connection.receive();
            connection.write(Loopback.ok("x"));
            connection.awaitClose();
        })) {
            HttpGate gate = gate();
            send(gate, get(server.url("/")), LOCAL);

            gate.close();

            assertThat(server.peerCloses()).isTrue();
            assertThat(failure(send(gate, get(server.url("/")), LOCAL), Reason.ABORTED)
                            .message())
                    .contains("shutting down");
        }
    }
}

package dev.ratchet.execution.http;

import static dev.ratchet.execution.http.Gates.LOCAL;
import static dev.ratchet.execution.http.Gates.MAX_BODY;
import static dev.ratchet.execution.http.Gates.SETTINGS;
import static dev.ratchet.execution.http.Gates.failure;
import static dev.ratchet.execution.http.Gates.gate;
import static dev.ratchet.execution.http.Gates.get;
import static dev.ratchet.execution.http.Gates.post;
import static dev.ratchet.execution.http.Gates.response;
import static dev.ratchet.execution.http.Gates.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpAnswer.Reason;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HttpGateLimitsTest {
    private static final HttpSettings HALF_SECOND = SETTINGS.withTimeout(Duration.ofMillis(500));

    @Test
    void sendWhenDeclaredLengthIsTooLargeReadsNothing() throws Exception {
        try (Loopback server = Loopback.on("127.0.0.1", 0, connection -> {
                    connection.receive();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + (MAX_BODY + 1) + "\r\n\r\n");
                    connection.awaitClose();
                });
                HttpGate gate = gate()) {
            HttpAnswer.Failure failure =
                    failure(send(gate, get(server.url("/p?token=s3cret")), LOCAL), Reason.TOO_LARGE);

            assertThat(failure.limit()).isEqualTo(MAX_BODY);
            assertThat(failure.message())
                    .contains(server.url("/p"), Long.toString(MAX_BODY))
                    .doesNotContain("s3cret");
            assertThat(server.peerCloses()).isTrue();
        }
    }

    @Test
    void sendWhenEndlessBodyStopsAtCap() throws Exception {
        try (Loopback server = Loopback.on("127.0.0.1", 0, connection -> {
                    connection.receive();
                    connection.write("HTTP/1.1 200 OK\r\n\r\n");
                    while (true) {
                        connection.write("x".repeat(10_000));
                    }
                });
                HttpGate gate = gate()) {
            failure(send(gate, get(server.url("/")), LOCAL), Reason.TOO_LARGE);

            assertThat(server.peerCloses()).isTrue();
        }
    }

    @Test
    void sendWhenBodyIsExactlyTheCapReadsIt() throws Exception {
        try (Loopback server = Loopback.answering(Loopback.ok("x".repeat((int) MAX_BODY)));
                HttpGate gate = gate()) {
            assertThat(response(send(gate, get(server.url("/")), LOCAL)).body()).hasSize((int) MAX_BODY);
        }
    }

    @Test
    void sendWhenSmallBodyDecodesToMuchStopsAtCap() throws Exception {
        byte[] bomb = BodyReaderTest.gzip(new byte[50_000_000]);
        assertThat(bomb.length).isLessThan((int) MAX_BODY);
        try (Loopback server = Loopback.on("127.0.0.1", 0, connection -> {
                    connection.receive();
                    connection.write(
                            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + bomb.length + "\r\n\r\n");
                    connection.write(bomb);
                });
                HttpGate gate = gate()) {
            failure(send(gate, get(server.url("/")), LOCAL), Reason.TOO_LARGE);
        }
    }

    @Test
    void sendWhenEncodedBodyIsDamagedSaysSo() throws Exception {
        try (Loopback server = Loopback.answering(
                        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\noops");
                HttpGate gate = gate()) {
            assertThat(failure(send(gate, get(server.url("/")), LOCAL), Reason.PROTOCOL)
                            .message())
                    .contains("Content-Encoding (gzip)");
        }
    }

    @Test
    void sendWhenBodyEndsEarlySaysSo() throws Exception {
        try (Loopback server = Loopback.on("127.0.0.1", 0, connection -> {
                    connection.receive();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
                });
                HttpGate gate = gate()) {
            failure(send(gate, get(server.url("/")), LOCAL), Reason.PROTOCOL);
        }
    }

    @Test
    void sendWhenAnswerIsNotHttpSaysSo() throws Exception {
        try (Loopback server = Loopback.answering("SSH-2.0-OpenSSH_9.2\r\nmore\r\n\r\n");
                HttpGate gate = gate()) {
            failure(send(gate, get(server.url("/")), LOCAL), Reason.PROTOCOL);
        }
    }

    @Test
    void sendWhenStatusIsOutsideRangeSaysSo() throws Exception {
        try (Loopback server = Loopback.answering("HTTP/1.1 999 Denied\r\nContent-Length: 0\r\n\r\n");
                HttpGate gate = gate()) {
            assertThat(failure(send(gate, get(server.url("/")), LOCAL), Reason.PROTOCOL)
                            .message())
                    .contains("999");
        }
    }

    @Test
    void sendWhenInformationalAnswersComeWaitsForTheRealOne() throws Exception {
        try (Loopback server = Loopback.answering(
                        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
                HttpGate gate = gate()) {
            assertThat(response(send(gate, get(server.url("/")), LOCAL)).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void sendWhenHeadersNeverEndStops() throws Exception {
        try (Loopback server = Loopback.on("127.0.0.1", 0, connection -> {
                    connection.receive();
                    connection.write("HTTP/1.1 200 OK\r\n");
                    while (true) {
                        connection.write("X-A: secret\r\n".repeat(100));
                    }
                });
                HttpGate gate = gate()) {
            HttpAnswer.Failure failure = failure(send(gate, get(server.url("/")), LOCAL), Reason.PROTOCOL);

            assertThat(failure.message()).contains("http.max_header_count").doesNotContain("secret");
        }
    }

    @Test
    void sendWhenHeaderLineNeverEndsStops() throws Exception {
        try (Loopback server = Loopback.on("127.0.0.1", 0, connection -> {
                    connection.receive();
                    connection.write("HTTP/1.1 200 OK\r\nX-A: ");
                    while (true) {
                        connection.write("secret".repeat(1000));
                    }
                });
                HttpGate gate = gate()) {
            HttpAnswer.Failure failure = failure(send(gate, get(server.url("/")), LOCAL), Reason.PROTOCOL);

            assertThat(failure.message()).contains("http.max_header_bytes").doesNotContain("secret");
        }
    }

    @Test
    void sendWhenBodyDribblesEndsAtTheTotalTime() throws Exception {
        try (Loopback server = Loopback.on("127.0.0.1", 0, connection -> {
                    connection.receive();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n");
                    connection.socket().setSoTimeout(20);
                    while (true) {
                        try {
                            connection.awaitClose();
                            return;
                        } catch (SocketTimeoutException e) {
                            connection.write("x");
                        }
                    }
                });
                HttpGate gate = gate(HALF_SECOND)) {
            long start = System.nanoTime();

            HttpAnswer.Failure failure = failure(send(gate, get(server.url("/p?token=s3cret")), LOCAL), Reason.TIMEOUT);

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(450));
            assertThat(failure.message()).contains("500 ms", "http.timeout").doesNotContain("s3cret");
            assertThat(failure.timing().receive()).isPositive();
            assertThat(server.peerCloses()).isTrue();
        }
    }

    @Test
    void sendWhenHeadDribblesEndsAtTheTotalTime() throws Exception {
        try (Loopback server = Loopback.on("127.0.0.1", 0, connection -> {
                    connection.receive();
                    connection.write("HTTP/1.1 200 OK\r\nX-A: ");
                    connection.socket().setSoTimeout(20);
                    while (true) {
                        try {
                            connection.awaitClose();
                            return;
                        } catch (SocketTimeoutException e) {
                            connection.write("x");
                        }
                    }
                });
                HttpGate gate = gate(HALF_SECOND)) {
            failure(send(gate, get(server.url("/")), LOCAL), Reason.TIMEOUT);
        }
    }

    @Test
    void sendWhenNoAnswerEndsAtTheTotalTime() throws Exception {
        try (Loopback server = silent();
                HttpGate gate = gate(HALF_SECOND)) {
            HttpAnswer.Failure failure = failure(send(gate, get(server.url("/")), LOCAL), Reason.TIMEOUT);

            assertThat(failure.timing().await()).isGreaterThan(400);
            assertThat(server.peerCloses()).isTrue();
        }
    }

    @Test
    void sendWhenServerDoesNotReadEndsAtTheTotalTime() throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        try (Loopback server = Loopback.on("127.0.0.1", 0, connection -> done.await());
                HttpGate gate = gate(HALF_SECOND)) {
            failure(send(gate, post(server.url("/"), "x".repeat(20_000_000)), LOCAL), Reason.TIMEOUT);
        } finally {
            done.countDown();
        }
    }

    @Test
    void sendWhenResolverHangsEndsAtTheTotalTime() {
        CountDownLatch done = new CountDownLatch(1);
        try (HttpGate gate = gate(HALF_SECOND, host -> {
            awaitQuietly(done);
            return new InetAddress[0];
        })) {
            HttpAnswer.Failure failure = failure(send(gate, get("http://slow.example/"), LOCAL), Reason.TIMEOUT);

            assertThat(failure.timing().dns()).isGreaterThan(400);
        } finally {
            done.countDown();
        }
    }

    @Test
    void sendWhenAbortedBeforeStartSendsNothing() throws Exception {
        Cancellation cancellation = new Cancellation();
        cancellation.cancel();
        try (Loopback server = Loopback.answering(Loopback.ok(""));
                HttpGate gate = gate()) {
            failure(gate.send(get(server.url("/")), LOCAL, cancellation), Reason.ABORTED);

            assertThat(server.waiting()).isZero();
        }
    }

    @Test
    void sendWhenAbortedWhileWaitingClosesConnectionAtOnce() throws Exception {
        Cancellation cancellation = new Cancellation();
        try (Loopback server = silent();
                HttpGate gate = gate()) {
            CompletableFuture<HttpAnswer> answer = CompletableFuture.supplyAsync(
                    () -> gate.send(get(server.url("/p?token=s3cret")), LOCAL, cancellation));
            server.take();

            cancellation.cancel();

            HttpAnswer.Failure failure = failure(answer.get(15, TimeUnit.SECONDS), Reason.ABORTED);
            assertThat(failure.message()).contains(server.url("/p")).doesNotContain("s3cret");
            assertThat(server.peerCloses()).isTrue();
            assertThat(gate.idleConnections()).isZero();
        }
    }

    @Test
    void sendWhenAbortedInBodyClosesConnectionAtOnce() throws Exception {
        Cancellation cancellation = new Cancellation();
        CountDownLatch halfway = new CountDownLatch(1);
        try (Loopback server = Loopback.on("127.0.0.1", 0, connection -> {
                    connection.receive();
                    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf");
                    halfway.countDown();
                    connection.awaitClose();
                });
                HttpGate gate = gate()) {
            CompletableFuture<HttpAnswer> answer =
                    CompletableFuture.supplyAsync(() -> gate.send(get(server.url("/")), LOCAL, cancellation));
            halfway.await();

            cancellation.cancel();

            failure(answer.get(15, TimeUnit.SECONDS), Reason.ABORTED);
            assertThat(server.peerCloses()).isTrue();
        }
    }

    @Test
    void sendWhenAbortedWhileResolvingReturnsAtOnce() throws Exception {
        Cancellation cancellation = new Cancellation();
        CountDownLatch resolving = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        try (HttpGate gate = gate(SETTINGS, host -> {
            resolving.countDown();
            awaitQuietly(done);
            return new InetAddress[0];
        })) {
            CompletableFuture<HttpAnswer> answer =
                    CompletableFuture.supplyAsync(() -> gate.send(get("http://slow.example/"), LOCAL, cancellation));
            resolving.await();

            cancellation.cancel();

            failure(answer.get(15, TimeUnit.SECONDS), Reason.ABORTED);
        } finally {
            done.countDown();
        }
    }

    @Test
    void sendWhenAbortedAfterwardsLeavesPooledConnectionAlone() throws Exception {
        Cancellation cancellation = new Cancellation();
        try (Loopback server = Loopback.answering(Loopback.ok("x"));
                HttpGate gate = gate()) {
            gate.send(get(server.url("/")), LOCAL, cancellation);

            cancellation.cancel();

            assertThat(gate.idleConnections()).isOne();
            response(send(gate, get(server.url("/")), LOCAL));
            assertThat(server.connections()).isOne();
        }
    }

    @Test
    void sendWhenCallerIsInterruptedGivesUpAndKeepsTheFlag() throws Exception {
        try (Loopback server = Loopback.answering(Loopback.ok("x"));
                HttpGate gate = gate()) {
            Thread.currentThread().interrupt();

            HttpAnswer answer = send(gate, get(server.url("/")), LOCAL);

            assertThat(Thread.interrupted()).isTrue();
            failure(answer, Reason.ABORTED);
        }
    }

    @Test
    void closeWhenRequestIsUnderWayEndsIt() throws Exception {
        try (Loopback server = silent()) {
            HttpGate gate = gate();
            CompletableFuture<HttpAnswer> answer =
                    CompletableFuture.supplyAsync(() -> send(gate, get(server.url("/")), LOCAL));
            server.take();

            gate.close();

            failure(answer.get(15, TimeUnit.SECONDS), Reason.ABORTED);
        }
    }

    @Test
    void sendWhenIdleTooLongMakesNewConnection() throws Exception {
        HttpSettings settings = SETTINGS.withConnectionPool(
                new HttpSettings.ConnectionPool(10, Duration.ofMillis(1), Duration.ofSeconds(5)));
        try (Loopback server = Loopback.on("127.0.0.1", 0, connection -> {
                    while (connection.receive()) {
                        connection.write(Loopback.ok("x"));
                    }
                    connection.awaitClose();
                });
                HttpGate gate = gate(settings)) {
            send(gate, get(server.url("/")), LOCAL);

            // The sweep runs every second at the most often.
            assertThat(server.peerCloses()).isTrue();
            assertThat(gate.idleConnections()).isZero();
        }
    }

    /** Reads requests and says nothing. */
    private static Loopback silent() {
        return Loopback.on("127.0.0.1", 0, connection -> {
            connection.receive();
            connection.awaitClose();
        });
    }

    private static void awaitQuietly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                if (latch.await(30, TimeUnit.SECONDS)) {
                    break;
                }
            } catch (InterruptedException e) {
                // As deaf to it as the system's resolver.
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

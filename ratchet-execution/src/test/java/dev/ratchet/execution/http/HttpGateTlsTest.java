package dev.ratchet.execution.http;

import static dev.ratchet.execution.http.Gates.RESOLVER;
import static dev.ratchet.execution.http.Gates.SETTINGS;
import static dev.ratchet.execution.http.Gates.failure;
import static dev.ratchet.execution.http.Gates.gate;
import static dev.ratchet.execution.http.Gates.get;
import static dev.ratchet.execution.http.Gates.granted;
import static dev.ratchet.execution.http.Gates.response;
import static dev.ratchet.execution.http.Gates.send;
import static dev.ratchet.execution.http.Gates.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.http.EgressPolicy;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpAnswer.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HttpGateTlsTest {
    private static final EgressPolicy POLICY = granted("app.test", "other.test", "plain.test");

    @TempDir
    static Path folder;

    private static TestCertificate certificate;

    @BeforeAll
    static void makeCertificate() throws Exception {
        certificate = TestCertificate.make(folder, "app.test");
    }

    @Test
    void sendWhenCertificateIsTrustedForTheNameConnects() throws Exception {
        try (Loopback server = secure(Loopback.ok("x"));
                HttpGate gate = trusting()) {
            HttpAnswer.Response response = response(send(gate, get(https(server, "app.test")), POLICY));
            response(send(gate, get(https(server, "app.test")), POLICY));

            assertThat(text(response)).isEqualTo("x");
            assertThat(response.timing().tls()).isPositive();
            assertThat(response.timing().connect())
                    .isGreaterThanOrEqualTo(response.timing().tls());
            assertThat(server.connections()).isOne();
        }
    }

    @Test
    void sendWhenCertificateIsForAnotherNameRefuses() throws Exception {
        try (Loopback server = secure(Loopback.ok("x"));
                HttpGate gate = trusting()) {
            String message = failure(send(gate, get(https(server, "other.test") + "?token=s3cret"), POLICY), Reason.TLS)
                    .message();

            assertThat(message).contains("other.test", "verify_ssl").doesNotContain("s3cret");
            assertThat(server.waiting()).isZero();
        }
    }

    @Test
    void sendWhenCertificateIsSelfSignedRefuses() throws Exception {
        try (Loopback server = secure(Loopback.ok("x"));
                HttpGate gate = gate()) {
            HttpAnswer.Failure failure = failure(send(gate, get(https(server, "app.test")), POLICY), Reason.TLS);

            assertThat(failure.message()).contains("certificat");
            assertThat(failure.timing().tls()).isPositive();
            assertThat(server.waiting()).isZero();
        }
    }

    @Test
    void sendWhenVerificationIsOffConnectsAnyway() throws Exception {
        try (Loopback server = secure(Loopback.ok("x"));
                HttpGate gate = gate(SETTINGS.withVerifySsl(false))) {
            assertThat(text(send(gate, get(https(server, "other.test")), POLICY)))
                    .isEqualTo("x");
        }
    }

    @Test
    void sendWhenServerSpeaksNoTlsRefuses() throws Exception {
        try (Loopback server = Loopback.on("127.0.0.1", 0, connection -> connection.write("220 hello\r\n"));
                HttpGate gate = trusting()) {
            failure(send(gate, get(https(server, "app.test")), POLICY), Reason.TLS);
        }
    }

    @Test
    void sendWhenHandshakeHangsEndsAtTheConnectionTime() throws Exception {
        HttpSettings settings = SETTINGS.withConnectionPool(
                new HttpSettings.ConnectionPool(10, Duration.ofSeconds(30), Duration.ofMillis(300)));
        try (Loopback server = Loopback.on("127.0.0.1", 0, Loopback.Connection::awaitClose);
                HttpGate gate = gate(settings)) {
            failure(send(gate, get(https(server, "app.test")), POLICY), Reason.TLS);

            assertThat(server.peerCloses()).isTrue();
        }
    }

    @Test
    void sendWhenAbortedInHandshakeReturnsAtOnce() throws Exception {
        Cancellation cancellation = new Cancellation();
        CountDownLatch accepted = new CountDownLatch(1);
        try (Loopback server = Loopback.on("127.0.0.1", 0, connection -> {
                    accepted.countDown();
                    connection.awaitClose();
                });
                HttpGate gate = trusting()) {
            CompletableFuture<HttpAnswer> answer = CompletableFuture.supplyAsync(
                    () -> gate.send(get(https(server, "app.test")), POLICY, cancellation));
            accepted.await();

            cancellation.cancel();

            failure(answer.get(15, TimeUnit.SECONDS), Reason.ABORTED);
        }
    }

    @Test
    void sendWhenRedirectLeadsFromHttpsToHttpRefuses() throws Exception {
        try (Loopback plain = Loopback.answering(Loopback.ok("x"));
                Loopback server = secure("HTTP/1.1 302 Found\r\nLocation: " + plain.url("plain.test", "/?t=s3cret")
                        + "\r\nContent-Length: 0\r\n\r\n");
                HttpGate gate = trusting()) {
            String message = failure(send(gate, get(https(server, "app.test")), POLICY), Reason.REDIRECT)
                    .message();

            assertThat(message).contains("https to http").doesNotContain("s3cret");
            assertThat(plain.connections()).isZero();
        }
    }

    @Test
    void sendWhenRedirectLeadsFromHttpToHttpsFollows() throws Exception {
        try (Loopback secure = secure(Loopback.ok("secure"));
                Loopback server = Loopback.answering("HTTP/1.1 302 Found\r\nLocation: " + https(secure, "app.test")
                        + "\r\nContent-Length: 0\r\n\r\n");
                HttpGate gate = trusting()) {
            assertThat(text(send(gate, get(server.url("plain.test", "/")), POLICY)))
                    .isEqualTo("secure");
        }
    }

    private static HttpGate trusting() {
        return HttpGate.create(SETTINGS, RESOLVER, InstantSource.fixed(Gates.NOW), certificate.trusting());
    }

    private static Loopback secure(String response) {
        return Loopback.on(certificate.serverSockets(), "127.0.0.1", 0, Loopback.always(response));
    }

    private static String https(Loopback server, String host) {
        return "https://" + host + ":" + server.port() + "/";
    }
}

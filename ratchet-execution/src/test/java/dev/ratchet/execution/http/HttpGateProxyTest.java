package dev.ratchet.execution.http;

import static dev.ratchet.execution.http.Gates.RESOLVER;
import static dev.ratchet.execution.http.Gates.SETTINGS;
import static dev.ratchet.execution.http.Gates.failure;
import static dev.ratchet.execution.http.Gates.gate;
import static dev.ratchet.execution.http.Gates.get;
import static dev.ratchet.execution.http.Gates.granted;
import static dev.ratchet.execution.http.Gates.send;
import static dev.ratchet.execution.http.Gates.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.http.EgressPolicy;
import dev.ratchet.core.http.HttpAnswer.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HttpGateProxyTest {
    private static final EgressPolicy POLICY = granted("app.test", "127.0.0.1");

    @TempDir
    Path folder;

    @Test
    void sendWhenHttpGoesThroughProxyTunnelsToTheCheckedAddress() throws Exception {
        try (Loopback server = Loopback.answering(Loopback.ok("x"));
                Loopback proxy = proxy();
                HttpGate gate = gate(through(proxy, null))) {
            assertThat(text(send(gate, get(server.url("app.test", "/p")), POLICY)))
                    .isEqualTo("x");
            assertThat(text(send(gate, get(server.url("app.test", "/q")), POLICY)))
                    .isEqualTo("x");

            Loopback.Received connect = proxy.take();
            assertThat(connect.line()).isEqualTo("CONNECT 127.0.0.1:" + server.port() + " HTTP/1.1");
            assertThat(connect.headers()).doesNotContainKey("Proxy-Authorization");
            Loopback.Received request = server.take();
            assertThat(request.line()).isEqualTo("GET /p HTTP/1.1");
            assertThat(request.headers())
                    .containsEntry("Host", "app.test:" + server.port())
                    .doesNotContainKey("Proxy-Authorization");
            assertThat(proxy.connections()).isOne();
            assertThat(server.connections()).isOne();
        }
    }

    @Test
    void sendWhenHttpsGoesThroughProxyChecksTheNameInTheTunnel() throws Exception {
        TestCertificate certificate = TestCertificate.make(folder, "app.test");
        try (Loopback server = Loopback.on(
                        certificate.serverSockets(), "127.0.0.1", 0, Loopback.always(Loopback.ok("secure")));
                Loopback proxy = proxy();
                HttpGate gate = HttpGate.create(
                        through(proxy, null), RESOLVER, InstantSource.fixed(Gates.NOW), certificate.trusting())) {
            assertThat(text(send(gate, get("https://app.test:" + server.port() + "/"), POLICY)))
                    .isEqualTo("secure");
            failure(send(gate, get("https://127.0.0.1:" + server.port() + "/"), POLICY), Reason.TLS);

            assertThat(proxy.take().line()).isEqualTo("CONNECT 127.0.0.1:" + server.port() + " HTTP/1.1");
            assertThat(server.waiting()).isOne();
        }
    }

    @Test
    void sendWhenProxyHasCredentialsGivesThemToTheProxyOnly() throws Exception {
        try (Loopback server = Loopback.answering(Loopback.ok("x"));
                Loopback proxy = proxy();
                HttpGate gate = gate(SETTINGS.withProxy(
                        new HttpSettings.Proxy("http://user:pass@127.0.0.1:" + proxy.port(), null, null)))) {
            send(gate, get(server.url("app.test", "/")), POLICY);

            assertThat(proxy.take().headers()).containsEntry("Proxy-Authorization", "Basic dXNlcjpwYXNz");
            assertThat(server.take().headers()).doesNotContainKey("Proxy-Authorization");
        }
    }

    @Test
    void sendWhenAddressIsPrivateRefusesBeforeTheProxyHearsOfIt() throws Exception {
        try (Loopback proxy = proxy();
                HttpGate gate = gate(through(proxy, null))) {
            failure(send(gate, get("http://app.test/"), granted()), Reason.ADDRESS_REFUSED);
            failure(send(gate, get("http://169.254.169.254/"), POLICY), Reason.ADDRESS_REFUSED);

            assertThat(proxy.connections()).isZero();
        }
    }

    @Test
    void sendWhenHostIsExemptGoesDirectly() throws Exception {
        try (Loopback server = Loopback.answering(Loopback.ok("x"));
                Loopback proxy = proxy();
                HttpGate gate = gate(through(proxy, "app.test"))) {
            assertThat(text(send(gate, get(server.url("app.test", "/")), POLICY)))
                    .isEqualTo("x");

            assertThat(proxy.connections()).isZero();
        }
    }

    @Test
    void sendWhenProxyRefusesSaysWhatItAnswered() throws Exception {
        try (Loopback proxy =
                        Loopback.answering("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
                HttpGate gate = gate(through(proxy, null))) {
            String message = failure(send(gate, get("http://app.test/?t=s3cret"), POLICY), Reason.CONNECT)
                    .message();

            assertThat(message)
                    .contains("127.0.0.1:" + proxy.port(), "407", "http://user:password@host:port")
                    .doesNotContain("s3cret");
        }
    }

    @Test
    void sendWhenProxyCannotBeReachedSaysSo() throws Exception {
        HttpSettings settings;
        try (Loopback proxy = proxy()) {
            settings = through(proxy, null);
        }
        try (HttpGate gate = gate(settings)) {
            assertThat(failure(send(gate, get("http://app.test/"), POLICY), Reason.CONNECT)
                            .message())
                    .contains("proxy");
        }
    }

    private static HttpSettings through(Loopback proxy, @Nullable String noProxy) {
        String url = "http://127.0.0.1:" + proxy.port();
        return SETTINGS.withProxy(new HttpSettings.Proxy(url, url, noProxy));
    }

    /** A proxy that knows CONNECT to IPv4 addresses. */
    private static Loopback proxy() {
        return Loopback.on("127.0.0.1", 0, connection -> {
            if (!connection.receive()) {
                return;
            }
            String[] target = connection.path().split(":", -1);
            try (Socket server = new Socket(InetAddress.ofLiteral(target[0]), Integer.parseInt(target[1]))) {
                connection.write("HTTP/1.1 200 Connection established\r\n\r\n");
                Thread back = Thread.startVirtualThread(() -> {
                    try (Socket client = connection.socket()) {
                        server.getInputStream().transferTo(client.getOutputStream());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
                connection.in().transferTo(server.getOutputStream());
                server.shutdownOutput();
                back.join();
            }
        });
    }
}

package dev.ratchet.execution.http;

import static dev.ratchet.execution.http.Gates.LOCAL;
import static dev.ratchet.execution.http.Gates.SETTINGS;
import static dev.ratchet.execution.http.Gates.call;
import static dev.ratchet.execution.http.Gates.failure;
import static dev.ratchet.execution.http.Gates.gate;
import static dev.ratchet.execution.http.Gates.get;
import static dev.ratchet.execution.http.Gates.granted;
import static dev.ratchet.execution.http.Gates.response;
import static dev.ratchet.execution.http.Gates.send;
import static dev.ratchet.execution.http.Gates.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.http.EgressPolicy;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpAnswer.Reason;
import dev.ratchet.core.http.HttpCall.RedirectMode;
import dev.ratchet.core.http.HttpHeader;
import dev.ratchet.core.task.NetPermissions;
import dev.ratchet.core.task.NetPermissions.HostRule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpGateRedirectTest {
    @Test
    void sendWhenRedirectedFollowsOnTheSameConnection() throws Exception {
        try (Loopback server = redirecting(302, "../end?x#f");
                HttpGate gate = gate()) {
            HttpAnswer.Response response = response(send(gate, get(server.url("/a/start")), LOCAL));

            assertThat(text(response)).isEqualTo("end");
            assertThat(response.redirected()).isTrue();
            assertThat(response.url()).isEqualTo(server.url("/end?x"));
            assertThat(server.connections()).isOne();
        }
    }

    @ParameterizedTest
    @CsvSource({"301, GET", "302, GET", "303, GET", "307, POST", "308, POST"})
    void sendWhenPostIsRedirectedRewritesItAsFetchDoes(int status, String method) throws Exception {
        try (Loopback server = redirecting(status, "/end");
                HttpGate gate = gate()) {
            send(
                    gate,
                    call("POST", server.url("/start"), List.of(new HttpHeader("Content-Type", "text/plain")), "body"),
                    LOCAL);

            server.take();
            Loopback.Received second = server.take();
            assertThat(second.line()).isEqualTo(method + " /end HTTP/1.1");
            assertThat(second.body()).isEqualTo(method.equals("POST") ? "body" : "");
            assertThat(second.headers().containsKey("Content-Type")).isEqualTo(method.equals("POST"));
        }
    }

    @Test
    void sendWhenOriginChangesLeavesCredentialsBehind() throws Exception {
        try (Loopback other = Loopback.answering(Loopback.ok("x"));
                Loopback server = redirecting(307, other.url("user:pass@b.test", "/"));
                HttpGate gate = gate()) {
            EgressPolicy policy = granted("a.test", "b.test");
            send(
                    gate,
                    get(server.url("a.test", "/start"), "Authorization", "Bearer s3cret", "Cookie", "a=b", "X-A", "1"),
                    policy);

            assertThat(server.take().headers()).containsEntry("Authorization", "Bearer s3cret");
            assertThat(other.take().headers())
                    .doesNotContainKeys("Authorization", "Cookie")
                    .containsEntry("X-A", "1");
        }
    }

    @Test
    void sendWhenOriginStaysKeepsCredentials() throws Exception {
        try (Loopback server = redirecting(307, "/end");
                HttpGate gate = gate()) {
            send(gate, get(server.url("/start"), "Authorization", "Bearer s3cret"), LOCAL);

            server.take();
            assertThat(server.take().headers()).containsEntry("Authorization", "Bearer s3cret");
        }
    }

    @Test
    void sendWhenRedirectLeadsToPrivateAddressRefusesWithoutConnecting() throws Exception {
        try (Loopback inner = Loopback.on("127.0.0.2", 0, Loopback.always(Loopback.ok("secret")));
                Loopback server = redirecting(302, inner.url("127.0.0.2", "/?token=s3cret"));
                HttpGate gate = gate()) {
            String message = failure(send(gate, get(server.url("/start")), LOCAL), Reason.ADDRESS_REFUSED)
                    .message();

            assertThat(message).contains("127.0.0.2").doesNotContain("s3cret");
            assertThat(inner.connections()).isZero();
        }
    }

    @Test
    void sendWhenRedirectLeadsToMetadataServiceRefuses() throws Exception {
        try (Loopback server = redirecting(302, "http://169.254.169.254/latest/meta-data/");
                HttpGate gate = gate()) {
            failure(send(gate, get(server.url("/start")), LOCAL), Reason.ADDRESS_REFUSED);
        }
    }

    @Test
    void sendWhenRedirectLeadsOutsidePermissionsRefuses() throws Exception {
        try (Loopback server = redirecting(302, "http://b.test/");
                HttpGate gate = gate()) {
            EgressPolicy policy = new EgressPolicy(
                    new NetPermissions(false, List.of(new HostRule("a.test", Set.of()))), Set.of("a.test"), 1000, "");

            failure(send(gate, get(server.url("a.test", "/start")), policy), Reason.NOT_PERMITTED);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://a.test/",
                "file:///etc/passwd",
                "javascript:alert(1)",
                "http://2130706433/",
                "http://[::1/?t=s3cret",
                "http://a.test:25/"
            })
    void sendWhenRedirectTargetCannotBeRequestedRefuses(String location) throws Exception {
        try (Loopback server = redirecting(302, location);
                HttpGate gate = gate()) {
            String message = failure(send(gate, get(server.url("/start")), LOCAL), Reason.REDIRECT)
                    .message();

            assertThat(message).contains(server.url("/start")).doesNotContain("s3cret");
        }
    }

    @Test
    void sendWhenModeIsErrorRefuses() throws Exception {
        try (Loopback server = redirecting(302, "/end");
                HttpGate gate = gate()) {
            failure(send(gate, get(server.url("/start"), RedirectMode.ERROR), LOCAL), Reason.REDIRECT);

            server.take();
            assertThat(server.waiting()).isZero();
        }
    }

    @Test
    void sendWhenModeIsManualGivesTheRedirect() throws Exception {
        try (Loopback server = redirecting(302, "/end");
                HttpGate gate = gate()) {
            HttpAnswer.Response response = response(send(gate, get(server.url("/start"), RedirectMode.MANUAL), LOCAL));

            assertThat(response.status()).isEqualTo(302);
            assertThat(response.redirected()).isFalse();
            assertThat(response.headers()).contains(new HttpHeader("Location", "/end"));
            assertThat(text(response)).isEqualTo("moved");
        }
    }

    @Test
    void sendWhenLocationIsMissingGivesTheResponse() throws Exception {
        try (Loopback server = Loopback.answering("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n");
                HttpGate gate = gate()) {
            assertThat(response(send(gate, get(server.url("/")), LOCAL)).status())
                    .isEqualTo(302);
        }
    }

    @Test
    void sendWhenRedirectsGoInCirclesStopsAtTheLimit() throws Exception {
        try (Loopback server = redirecting(302, "/start");
                HttpGate gate = gate(SETTINGS.withMaxRedirects(3))) {
            String message = failure(send(gate, get(server.url("/start")), LOCAL), Reason.REDIRECT)
                    .message();

            assertThat(message).contains("3", "http.max_redirects");
            assertThat(server.waiting()).isEqualTo(4);
        }
    }

    @Test
    void sendWhenLocationHasBytesAboveAsciiEncodesThem() throws Exception {
        String raw = new String("/grün".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        try (Loopback server = redirecting(302, raw);
                HttpGate gate = gate()) {
            assertThat(response(send(gate, get(server.url("/start")), LOCAL)).url())
                    .isEqualTo(server.url("/gr%C3%BCn"));
        }
    }

    @Test
    void sendWhenBodyOfRedirectNeverEndsFollowsWithoutIt() throws Exception {
        try (Loopback server = Loopback.on("127.0.0.1", 0, connection -> {
                    connection.receive();
                    if (connection.path().equals("/start")) {
                        connection.write("HTTP/1.1 302 Moved\r\nLocation: /end\r\nContent-Length: 9\r\n\r\nhalf");
                        connection.awaitClose();
                    } else {
                        connection.write(Loopback.ok("end"));
                    }
                });
                HttpGate gate = gate()) {
            assertThat(text(send(gate, get(server.url("/start")), LOCAL))).isEqualTo("end");
            assertThat(server.connections()).isEqualTo(2);
            assertThat(server.peerCloses()).isTrue();
        }
    }

    /** Redirects requests for anything that ends in {@code start}; answers others with "end". */
    private static Loopback redirecting(int status, String location) {
        return Loopback.on("127.0.0.1", 0, connection -> {
            while (connection.receive()) {
                connection.write(
                        connection.path().endsWith("start")
                                ? "HTTP/1.1 " + status + " Moved\r\nLocation: " + location
                                        + "\r\nContent-Length: 5\r\n\r\nmoved"
                                : Loopback.ok("end"));
            }
        });
    }
}

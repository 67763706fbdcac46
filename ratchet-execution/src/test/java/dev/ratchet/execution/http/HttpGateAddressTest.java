package dev.ratchet.execution.http;

import static dev.ratchet.execution.http.Gates.LOCAL;
import static dev.ratchet.execution.http.Gates.SETTINGS;
import static dev.ratchet.execution.http.Gates.addresses;
import static dev.ratchet.execution.http.Gates.failure;
import static dev.ratchet.execution.http.Gates.gate;
import static dev.ratchet.execution.http.Gates.get;
import static dev.ratchet.execution.http.Gates.granted;
import static dev.ratchet.execution.http.Gates.post;
import static dev.ratchet.execution.http.Gates.send;
import static dev.ratchet.execution.http.Gates.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.http.EgressPolicy;
import dev.ratchet.core.http.HttpAnswer.Reason;
import dev.ratchet.core.task.NetPermissions;
import dev.ratchet.core.task.NetPermissions.HostRule;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HttpGateAddressTest {
    @Test
    void sendWhenLiteralIsPrivateRefusesWithoutConnecting() throws Exception {
        try (Loopback server = Loopback.answering(Loopback.ok("x"));
                HttpGate gate = gate()) {
            String message = failure(send(gate, get(server.url("/")), granted()), Reason.ADDRESS_REFUSED)
                    .message();

            assertThat(message).contains("127.0.0.1", "127.0.0.0/8", "loopback", "--allow-net 127.0.0.1");
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void sendWhenNameLeadsToPrivateAddressRefusesWithoutConnecting() throws Exception {
        try (Loopback server = Loopback.answering(Loopback.ok("x"));
                HttpGate gate = gate()) {
            String message = failure(send(gate, get(server.url("app.test", "/")), granted()), Reason.ADDRESS_REFUSED)
                    .message();

            assertThat(message).contains("app.test", "127.0.0.1", "loopback", "--allow-net app.test");
            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void sendWhenNameIsGrantedConnectsWithItsNameInHost() throws Exception {
        try (Loopback server = Loopback.answering(Loopback.ok("x"));
                HttpGate gate = gate()) {
            assertThat(text(send(gate, get(server.url("app.test", "/")), granted("app.test"))))
                    .isEqualTo("x");

            assertThat(server.take().headers()).containsEntry("Host", "app.test:" + server.port());
        }
    }

    @Test
    void sendWhenOtherHostIsGrantedRefuses() throws Exception {
        try (Loopback server = Loopback.answering(Loopback.ok("x"));
                HttpGate gate = gate()) {
            failure(send(gate, get(server.url("/")), granted("app.test")), Reason.ADDRESS_REFUSED);
            failure(send(gate, get(server.url("app.test", "/")), LOCAL), Reason.ADDRESS_REFUSED);
            failure(send(gate, get(server.url("sub.app.test", "/")), granted("app.test")), Reason.ADDRESS_REFUSED);

            assertThat(server.connections()).isZero();
        }
    }

    @Test
    void sendWhenResolverChangesItsAnswerGoesToTheOneChecked() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        HostResolver rebinding = host -> calls.incrementAndGet() == 1 ? addresses("127.0.0.2") : addresses("127.0.0.1");
        try (Loopback checked = Loopback.on("127.0.0.2", 0, Loopback.always(Loopback.ok("checked")));
                Loopback other = Loopback.on("127.0.0.1", checked.port(), Loopback.always(Loopback.ok("other")));
                HttpGate gate = gate(SETTINGS, rebinding)) {
            assertThat(text(send(gate, get(checked.url("app.test", "/")), granted("app.test"))))
                    .isEqualTo("checked");

            assertThat(calls).hasValue(1);
            assertThat(checked.connections()).isOne();
            assertThat(other.connections()).isZero();
        }
    }

    @Test
    void sendWhenAnswerTurnsPrivateRefusesAlthoughConnectionIdles() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        HostResolver turning = host ->
                calls.incrementAndGet() == 1 ? addresses("127.0.0.1") : addresses("169.254.169.254", "fd00:ec2::254");
        try (Loopback server = Loopback.answering(Loopback.ok("x"));
                HttpGate gate = gate(SETTINGS, turning)) {
            send(gate, get(server.url("app.test", "/")), granted("app.test"));

            String message = failure(
                            send(gate, get(server.url("app.test", "/")), granted("app.test")), Reason.ADDRESS_REFUSED)
                    .message();

            assertThat(message).contains("app.test", "metadata");
            assertThat(server.waiting()).isOne();
        }
    }

    @Test
    void sendWhenAnotherPolicyHasNoGrantRefusesAlthoughConnectionIdles() throws Exception {
        try (Loopback server = Loopback.answering(Loopback.ok("x"));
                HttpGate gate = gate()) {
            send(gate, get(server.url("app.test", "/")), granted("app.test"));
            assertThat(gate.idleConnections()).isOne();

            failure(send(gate, get(server.url("app.test", "/")), granted()), Reason.ADDRESS_REFUSED);

            assertThat(server.waiting()).isOne();
            assertThat(gate.idleConnections()).isOne();
        }
    }

    @Test
    void sendWhenTwoNamesShareAnAddressDoNotShareAConnection() throws Exception {
        try (Loopback server = Loopback.answering(Loopback.ok("x"));
                HttpGate gate = gate()) {
            send(gate, get(server.url("a.test", "/")), granted("a.test"));
            send(gate, get(server.url("b.test", "/")), granted("b.test"));

            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void sendWhenSomeAddressesAreRefusedUsesTheOthers() throws Exception {
        HostResolver mixed = host -> addresses("169.254.169.254", "127.0.0.1");
        try (Loopback server = Loopback.answering(Loopback.ok("x"));
                HttpGate gate = gate(SETTINGS, mixed)) {
            assertThat(text(send(gate, get(server.url("app.test", "/")), granted("app.test"))))
                    .isEqualTo("x");
        }
    }

    @Test
    void sendWhenFirstAddressTakesNoConnectionTriesTheNext() throws Exception {
        HostResolver two = host -> addresses("127.0.0.3", "127.0.0.1");
        try (Loopback server = Loopback.answering(Loopback.ok("x"));
                HttpGate gate = gate(SETTINGS, two)) {
            assertThat(text(send(gate, post(server.url("app.test", "/"), "body"), granted("app.test"))))
                    .isEqualTo("x");

            server.take();
            assertThat(server.waiting()).isZero();
        }
    }

    @Test
    void sendWhenIpv6LiteralIsGrantedConnects() throws Exception {
        Assumptions.assumeTrue(hasIpv6(), "no IPv6 loopback");
        try (Loopback server = Loopback.on("::1", 0, Loopback.always(Loopback.ok("x")));
                HttpGate gate = gate()) {
            String url = server.url("[::1]", "/");

            assertThat(text(send(gate, get(url), granted("::1")))).isEqualTo("x");
            assertThat(text(send(gate, get(url), granted("[0:0::1]")))).isEqualTo("x");
            assertThat(server.take().headers()).containsEntry("Host", "[::1]:" + server.port());
            failure(send(gate, get(url), granted("127.0.0.1")), Reason.ADDRESS_REFUSED);
        }
    }

    @Test
    void sendWhenIpv4IsMappedIsJudgedAsIpv4() throws Exception {
        try (Loopback server = Loopback.answering(Loopback.ok("x"));
                HttpGate gate = gate()) {
            String message = failure(
                            send(gate, get(server.url("[::ffff:7f00:1]", "/")), granted()), Reason.ADDRESS_REFUSED)
                    .message();

            assertThat(message).contains("127.0.0.0/8");
            assertThat(server.connections()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2130706433",
                "0x7f000001",
                "0177.0.0.1",
                "127.1",
                "0x7f.0.0.1",
                "127.0.0.1.",
                "[::ffff:127.0.0.1]",
                "[0:0:0:0:0:0:0:1]",
                "127.0.0.1%2f@app.test",
                "app.test@127.0.0.1",
                "LOCALHOST",
                "127。0。0。1"
            })
    void sendWhenHostIsInAnOddFormRefusesAsBadUrl(String host) throws Exception {
        try (Loopback server = Loopback.answering(Loopback.ok("x"));
                HttpGate gate = gate()) {
            failure(send(gate, get(server.url(host, "/")), granted("127.0.0.1", "::1", "app.test")), Reason.BAD_URL);

            assertThat(server.connections()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "[fd00:ec2::254]",
                "[::ffff:a9fe:a9fe]",
                "100.100.100.200",
                "metadata.google.internal",
                "metadata"
            })
    void sendWhenMetadataServiceRefusesEvenWithGrant(String host) {
        EgressPolicy policy = granted(host);
        try (HttpGate gate = gate()) {
            String message = failure(
                            send(gate, get("http://" + host + "/latest/meta-data/"), policy), Reason.ADDRESS_REFUSED)
                    .message();

            assertThat(message).contains("metadata service");
        }
    }

    @Test
    void sendWhenHostIsNotPermittedRefusesBeforeResolving() {
        AtomicInteger calls = new AtomicInteger();
        HostResolver counting = host -> {
            calls.incrementAndGet();
            return addresses("127.0.0.1");
        };
        EgressPolicy policy = new EgressPolicy(
                new NetPermissions(false, List.of(new HostRule("api.example.com", Set.of("GET")))),
                Set.of(),
                1000,
                "--allow-net HOST");
        try (HttpGate gate = gate(SETTINGS, counting)) {
            String message = failure(
                            send(gate, get("http://other.example.com/p?token=s3cret"), policy), Reason.NOT_PERMITTED)
                    .message();
            failure(send(gate, post("http://api.example.com/", ""), policy), Reason.NOT_PERMITTED);

            assertThat(message)
                    .contains("GET http://other.example.com/p", "permissions.net", "--allow-net other.example.com")
                    .doesNotContain("s3cret");
            assertThat(calls).hasValue(0);
        }
    }

    @Test
    void sendWhenHostIsPermittedButPrivateStillRefuses() {
        EgressPolicy policy = new EgressPolicy(
                new NetPermissions(false, List.of(new HostRule("*", Set.of()))), Set.of(), 1000, "--allow-net HOST");
        try (HttpGate gate = gate()) {
            failure(send(gate, get("http://app.test/"), policy), Reason.ADDRESS_REFUSED);
        }
    }

    @Test
    void sendWhenHostIsGrantedNeedsNoPermission() throws Exception {
        EgressPolicy policy = new EgressPolicy(new NetPermissions(false, List.of()), Set.of("app.test"), 1000, "");
        try (Loopback server = Loopback.answering(Loopback.ok("x"));
                HttpGate gate = gate()) {
            assertThat(text(send(gate, post(server.url("app.test", "/"), ""), policy)))
                    .isEqualTo("x");
        }
    }

    private static boolean hasIpv6() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}

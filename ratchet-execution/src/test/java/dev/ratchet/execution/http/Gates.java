package dev.ratchet.execution.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.http.EgressPolicy;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpCall;
import dev.ratchet.core.http.HttpHeader;
import dev.ratchet.core.task.NetPermissions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gates, policies and calls for tests on loopback. */
final class Gates {
    static final Instant NOW = Instant.parse("2026-05-01T10:00:00Z");
    static final long MAX_BODY = 100_000;
    static final HttpSettings SETTINGS = HttpSettings.DEFAULTS
            .withTimeout(Duration.ofSeconds(20))
            .withConnectionPool(new HttpSettings.ConnectionPool(10, Duration.ofSeconds(30), Duration.ofSeconds(5)));

    /** Everything that ends in {@code .test} is 127.0.0.1. */
    static final HostResolver RESOLVER = host -> {
        if (!host.endsWith(".test")) {
            throw new UnknownHostException(host);
        }
        return new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")};
    };

    private Gates() {}

    static HttpGate gate() {
        return gate(SETTINGS);
    }

    static HttpGate gate(HttpSettings settings) {
        return gate(settings, RESOLVER);
    }

    static HttpGate gate(HttpSettings settings, HostResolver resolver) {
        return HttpGate.create(settings, resolver, InstantSource.fixed(NOW));
    }

    static EgressPolicy granted(String... hosts) {
        return new EgressPolicy(NetPermissions.ANY_PUBLIC_HOST, Set.of(hosts), MAX_BODY, "--allow-net HOST");
    }

    static final EgressPolicy LOCAL = granted("127.0.0.1");

    static HttpCall get(String url) {
        return call("GET", url, List.of(), null);
    }

    static HttpCall post(String url, String body) {
        return call("POST", url, List.of(), body);
    }

    @SuppressWarnings("NullAway") // the annotation of an array parameter is lost in the class file of HttpCall
    static HttpCall call(String method, String url, List<HttpHeader> headers, @Nullable String body) {
        byte[] bytes = body == null ? null : body.getBytes(StandardCharsets.UTF_8);
        return new HttpCall(method, url, headers, bytes, HttpCall.RedirectMode.FOLLOW);
    }

    @SuppressWarnings("NullAway") // as above
    static HttpCall get(String url, HttpCall.RedirectMode mode) {
        return new HttpCall("GET", url, List.of(), null, mode);
    }

    static HttpCall get(String url, String... namesAndValues) {
        List<HttpHeader> headers = new ArrayList<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(new HttpHeader(namesAndValues[i], namesAndValues[i + 1]));
        }
        return call("GET", url, headers, null);
    }

    static HttpAnswer send(HttpGate gate, HttpCall call, EgressPolicy policy) {
        return gate.send(call, policy, new Cancellation());
    }

    static HttpAnswer.Response response(HttpAnswer answer) {
        assertThat(answer).isInstanceOf(HttpAnswer.Response.class);
        return (HttpAnswer.Response) answer;
    }

    static String text(HttpAnswer answer) {
        return new String(response(answer).body(), StandardCharsets.UTF_8);
    }

    static HttpAnswer.Failure failure(HttpAnswer answer, HttpAnswer.Reason reason) {
        assertThat(answer).isInstanceOf(HttpAnswer.Failure.class);
        HttpAnswer.Failure failure = (HttpAnswer.Failure) answer;
        assertThat(failure.reason()).as(failure.message()).isEqualTo(reason);
        return failure;
    }

    static InetAddress[] addresses(String... literals) {
        return Arrays.stream(literals).map(InetAddress::ofLiteral).toArray(InetAddress[]::new);
    }
}

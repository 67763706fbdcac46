package dev.ratchet.execution.http;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.http.EgressPolicy;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpAnswer.Reason;
import dev.ratchet.core.http.HttpCall;
import dev.ratchet.core.http.HttpHeader;
import dev.ratchet.core.http.OutboundHttp;
import dev.ratchet.execution.http.AddressPolicy.Verdict;
import dev.ratchet.execution.http.Exchange.StoppedException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The gate to the network. Blocks the calling thread, which may be a virtual one, for at most the configured time.
 *
 * <pre>{@code
 * try (OutboundHttp http = HttpGate.create(HttpSettings.DEFAULTS, HostResolver.SYSTEM, InstantSource.system())) {
 *     HttpAnswer answer = http.send(call, policy, new Cancellation());
 * }
 * }</pre>
 *
 * <p>Rules, at the first request and again at every redirect: only {@code http} and {@code https} in serialised form and
 * on ports the Fetch standard does not block; host and method permitted by the policy; every address of the host
 * checked after resolution ({@code AddressPolicy}), what is left connected to and nothing else. Redirects follow the
 * Fetch standard, never from {@code https} to {@code http}, and leave {@code Authorization}, {@code Cookie} and the like
 * behind when the origin changes. There are no automatic cookies, no authentication and no second attempts: a request
 * is sent once or not at all.
 *
 * <p>Bodies are decoded from {@code gzip} and {@code deflate} up to the policy's size. Request headers that belong to the
 * connection ({@code Host}, {@code Content-Length}, {@code Transfer-Encoding}, {@code Connection}, {@code Expect},
 * {@code TE}, {@code Upgrade}, {@code Accept-Encoding}, {@code Proxy-*} and their kin) are dropped.
 *
 * <p>Behind a proxy the checked address is what the proxy is asked to {@code CONNECT} to, for both schemes, with the
 * name in TLS and the {@code Host} header: the proxy resolves nothing, so the same rules hold as without it.
 *
 * <p>Messages of failures name scheme, host, port and path, never query, headers or bodies.
 */
public final class HttpGate implements OutboundHttp {
    private static final Set<String> FORBIDDEN_METHODS = Set.of("CONNECT", "TRACE", "TRACK");

    private final HttpSettings settings;
    private final InstantSource clock;
    private final NameLookup names;
    private final Connections connections;
    private final ScheduledThreadPoolExecutor timer;
    private final ScheduledFuture<?> idleSweep;
    private final Set<Exchange> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private HttpGate(HttpSettings settings, HostResolver resolver, InstantSource clock, @Nullable SSLContext trusted) {
        this.settings = settings;
        this.clock = clock;
        this.names = new NameLookup(resolver);
        this.connections = new Connections(settings, names, trusted);
        this.timer = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("ratchet-http-timer").factory());
        timer.setRemoveOnCancelPolicy(true);
        long period = Math.max(1000, settings.connectionPool().idleTimeout().toMillis() / 2);
        this.idleSweep = timer.scheduleWithFixedDelay(connections::closeIdle, period, period, TimeUnit.MILLISECONDS);
    }

    /**
     * Opens a gate. Connects to nothing yet.
     *
     * @param resolver where names become addresses
     * @param clock tells when requests began, for their timing
     * @throws IllegalArgumentException when a setting cannot be used, naming it
     */
    public static HttpGate create(HttpSettings settings, HostResolver resolver, InstantSource clock) {
        return create(settings, resolver, clock, null);
    }

    /** @param trusted which certificates to trust; null for the platform's */
    static HttpGate create(
            HttpSettings settings, HostResolver resolver, InstantSource clock, @Nullable SSLContext trusted) {
        return new HttpGate(settings, resolver, clock, trusted);
    }

    @Override
    public HttpAnswer send(HttpCall call, EgressPolicy policy, Cancellation cancellation) {
        Exchange exchange = new Exchange(clock.millis(), settings.timeout());
        underWay.add(exchange);
        Cancellation.Registration abort = cancellation.onCancel(() -> exchange.stop(Exchange.Stop.CALLER));
        ScheduledFuture<?> deadline = null;
        try {
            deadline = timer.schedule(
                    () -> exchange.stop(Exchange.Stop.DEADLINE),
                    settings.timeout().toNanos(),
                    TimeUnit.NANOSECONDS);
            if (closed) {
                exchange.stop(Exchange.Stop.GATE_CLOSED);
            }
            return ScopedValue.where(Exchange.CURRENT, exchange).call(() -> answer(call, policy, exchange));
        } catch (RejectedExecutionException e) {
            // The timer of a closed gate.
            exchange.stop(Exchange.Stop.GATE_CLOSED);
            return stopped(call, exchange);
        } finally {
            if (deadline != null) {
                deadline.cancel(false);
            }
            abort.close();
            underWay.remove(exchange);
        }
    }

    @Override
    public void close() {
        closed = true;
        underWay.forEach(exchange -> exchange.stop(Exchange.Stop.GATE_CLOSED));
        idleSweep.cancel(false);
        timer.shutdownNow();
        connections.close();
        names.close();
    }

    /** Idle connections in the pool, for tests. */
    int idleConnections() {
        return connections.idle();
    }

    private HttpAnswer answer(HttpCall call, EgressPolicy policy, Exchange exchange) {
        try {
            return follow(call, policy, exchange);
        } catch (RefusedException e) {
            // An abort that met a failure on its way is still an abort.
            return exchange.stopped() == null
                    ? new HttpAnswer.Failure(e.reason(), e.text(), e.limit(), exchange.timing())
                    : stopped(call, exchange);
        } catch (StoppedException e) {
            return stopped(call, exchange);
        }
    }

    private HttpAnswer follow(HttpCall call, EgressPolicy policy, Exchange exchange)
            throws RefusedException, StoppedException {
        Outgoing request =
                new Outgoing(first(call), call.method(), RequestHeaders.checked(call.headers(), settings), call.body());
        for (int redirects = 0; ; redirects++) {
            List<InetAddress> addresses = admitted(request, policy, exchange);
            try (Connections.OpenResponse response = connections.send(request, addresses, exchange)) {
                requireStatus(response, request.url());
                Optional<String> location = redirectLocation(response);
                if (location.isEmpty() || call.redirect() == HttpCall.RedirectMode.MANUAL) {
                    return read(response, request, redirects > 0, policy, exchange);
                }
                request = redirected(call, request, response.status(), location.get(), redirects);
                response.skipBody();
            }
        }
    }

    private static HttpUrl first(HttpCall call) throws RefusedException {
        if (!RequestHeaders.isToken(call.method())) {
            throw new RefusedException(
                    Reason.NOT_PERMITTED, "The method is not a token; accepted are names such as GET or POST.");
        }
        if (FORBIDDEN_METHODS.contains(call.method().toUpperCase(Locale.ROOT))) {
            throw new RefusedException(
                    Reason.NOT_PERMITTED,
                    "The method " + call.method() + " is not permitted to anyone; accepted are GET, HEAD, POST, PUT,"
                            + " PATCH, DELETE, OPTIONS and other methods but CONNECT, TRACE and TRACK.");
        }
        try {
            return HttpUrl.parse(call.url());
        } catch (HttpUrl.InvalidUrlException e) {
            throw new RefusedException(Reason.BAD_URL, "The URL cannot be requested: it " + e.text() + ".");
        }
    }

    /** The addresses the request may go to; the policy and the address rules have been asked. */
    private List<InetAddress> admitted(Outgoing request, EgressPolicy policy, Exchange exchange)
            throws RefusedException, StoppedException {
        HttpUrl url = request.url();
        if (AddressPolicy.isMetadataName(url.host())) {
            throw metadata(url.host());
        }
        boolean granted = isGranted(url, policy);
        if (!granted && !permits(url, request.method(), policy)) {
            throw new RefusedException(
                    Reason.NOT_PERMITTED,
                    request.method() + " " + url.shown() + " is outside the permissions of this task; add the host"
                            + " and method to permissions.net of the package, or grant the host by "
                            + policy.grantedBy(url.host()) + ".");
        }
        InetAddress literal = url.literal();
        List<InetAddress> addresses = literal != null ? List.of(literal) : names.resolve(url.host(), exchange);
        List<InetAddress> admitted = new ArrayList<>(addresses.size());
        List<String> refused = new ArrayList<>();
        boolean grantable = false;
        for (InetAddress address : addresses) {
            switch (AddressPolicy.judge(address)) {
                case Verdict.Allowed() -> admitted.add(address);
                case Verdict.Special(String range) -> {
                    if (granted) {
                        admitted.add(address);
                    } else {
                        grantable = true;
                        refused.add(IpText.format(address) + " in " + range);
                    }
                }
                case Verdict.Metadata() -> refused.add(IpText.format(address) + ", a cloud metadata service");
            }
        }
        if (admitted.isEmpty()) {
            String found = refused.stream().limit(3).collect(Collectors.joining("; "));
            throw grantable
                    ? new RefusedException(
                            Reason.ADDRESS_REFUSED,
                            "The host " + url.host() + " leads to an address that is not public: " + found
                                    + ". Accepted are public addresses, and others only for hosts granted by "
                                    + policy.grantedBy(url.host()) + ".")
                    : metadata(url.host() + " (" + found + ")");
        }
        return admitted;
    }

    private static RefusedException metadata(String subject) {
        return new RefusedException(
                Reason.ADDRESS_REFUSED,
                "The host " + subject + " is a cloud metadata service, which no setting opens to tasks.");
    }

    private static boolean permits(HttpUrl url, String method, EgressPolicy policy) {
        return policy.net().permits(url.host(), method)
                || (url.host().indexOf(':') >= 0 && policy.net().permits("[" + url.host() + "]", method));
    }

    private static boolean isGranted(HttpUrl url, EgressPolicy policy) {
        InetAddress literal = url.literal();
        if (literal == null) {
            return policy.grantedHosts().contains(url.host());
        }
        return policy.grantedHosts().stream()
                .anyMatch(host -> IpText.literal(host).filter(literal::equals).isPresent());
    }

    private static void requireStatus(Connections.OpenResponse response, HttpUrl url) throws RefusedException {
        if (response.status() > 599) {
            throw new RefusedException(
                    Reason.PROTOCOL,
                    url.shown() + " answered with status " + response.status() + "; accepted are 200 to 599.");
        }
    }

    private static Optional<String> redirectLocation(Connections.OpenResponse response) {
        return switch (response.status()) {
            case 301, 302, 303, 307, 308 -> HttpHeader.first(response.headers(), "Location");
            default -> Optional.empty();
        };
    }

    private Outgoing redirected(HttpCall call, Outgoing request, int status, String location, int redirects)
            throws RefusedException {
        HttpUrl from = request.url();
        if (call.redirect() == HttpCall.RedirectMode.ERROR) {
            throw new RefusedException(
                    Reason.REDIRECT,
                    from.shown() + " answered with a redirect (status " + status
                            + "), which this request's redirect mode \"error\" does not accept.");
        }
        if (redirects >= settings.maxRedirects()) {
            throw new RefusedException(
                    Reason.REDIRECT,
                    "More than " + settings.maxRedirects() + " redirects, the last from " + from.shown()
                            + " (http.max_redirects).");
        }
        HttpUrl target;
        try {
            target = from.resolve(location);
        } catch (HttpUrl.InvalidUrlException e) {
            throw new RefusedException(
                    Reason.REDIRECT,
                    "The redirect of " + from.shown() + " cannot be followed: its target " + e.text() + ".");
        }
        if (from.isSecure() && !target.isSecure()) {
            throw new RefusedException(
                    Reason.REDIRECT,
                    "The redirect of " + from.shown() + " leads from https to http (" + target.shown()
                            + "), which would give up encryption; request that URL itself if this is intended.");
        }
        return request.redirected(status, target);
    }

    private static HttpAnswer read(
            Connections.OpenResponse response,
            Outgoing request,
            boolean redirected,
            EgressPolicy policy,
            Exchange exchange)
            throws RefusedException, StoppedException {
        List<HttpHeader> headers = RequestHeaders.received(response.headers());
        List<String> codings = response.hasBody()
                ? BodyReader.codings(headers.stream()
                                .filter(header -> header.name().equalsIgnoreCase("Content-Encoding"))
                                .map(HttpHeader::value)
                                .collect(Collectors.joining(",")))
                        .orElse(List.of())
                : List.of();
        byte[] body = response.body(codings, policy.maxBodyBytes());
        if (!codings.isEmpty()) {
            headers = headers.stream()
                    .filter(header -> !header.name().equalsIgnoreCase("Content-Encoding")
                            && !header.name().equalsIgnoreCase("Content-Length"))
                    .toList();
        }
        return new HttpAnswer.Response(
                response.status(),
                response.statusText(),
                request.url().text(),
                redirected,
                headers,
                body,
                exchange.timing());
    }

    private HttpAnswer stopped(HttpCall call, Exchange exchange) {
        String what;
        try {
            what = (RequestHeaders.isToken(call.method()) ? call.method() + " " : "")
                    + HttpUrl.parse(call.url()).shown();
        } catch (HttpUrl.InvalidUrlException e) {
            // Without its URL then: it may hold anything.
            what = "The request";
        }
        Exchange.Stop stop = exchange.stopped();
        return switch (stop == null ? Exchange.Stop.CALLER : stop) {
            case CALLER -> failure(Reason.ABORTED, what + " was aborted.", exchange);
            case GATE_CLOSED -> failure(Reason.ABORTED, what + " was ended: outgoing HTTP is shutting down.", exchange);
            case DEADLINE ->
                failure(
                        Reason.TIMEOUT,
                        what + " had no complete answer within "
                                + Connections.seconds(settings.timeout().toMillis())
                                + " (http.timeout).",
                        exchange);
        };
    }

    private static HttpAnswer.Failure failure(Reason reason, String message, Exchange exchange) {
        return new HttpAnswer.Failure(reason, message, null, exchange.timing());
    }
}

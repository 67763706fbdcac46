package dev.ratchet.execution.http;

import dev.ratchet.core.http.HttpAnswer.Reason;
import dev.ratchet.core.http.HttpHeader;
import dev.ratchet.execution.http.Exchange.StoppedException;
import dev.ratchet.execution.http.ProxyRules.ProxyAddress;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.RouteInfo.LayerType;
import org.apache.hc.client5.http.RouteInfo.TunnelType;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.impl.DefaultClientConnectionReuseStrategy;
import org.apache.hc.client5.http.impl.DefaultConnectionKeepAliveStrategy;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.LeaseRequest;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.ClientTlsStrategyBuilder;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpConnection;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.Http1StreamListener;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpConnectionFactory;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolReusePolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Makes, pools and uses connections, by Apache HttpClient's connection manager and HTTP/1.1 engine without the chain of
 * handlers usually put around them: nothing here follows a redirect, answers a challenge, keeps a cookie or sends a
 * request a second time.
 *
 * <p>A connection is made to an address, never to a name, and the pool's key holds name and address: whoever leases a
 * connection has had exactly that address admitted under its own policy.
 */
final class Connections implements AutoCloseable {
    /** Connections at once, idle ones included; an idle one makes room for a new one. */
    static final int MAX_CONNECTIONS = 256;

    private static final TimeValue NOT_KEPT = TimeValue.ZERO_MILLISECONDS;

    private final HttpSettings settings;
    private final ProxyRules proxies;
    private final NameLookup names;
    private final Http1Config http1;
    private final PoolingHttpClientConnectionManager pool;

    /** @param trusted source of trust; null for the platform's */
    Connections(HttpSettings settings, NameLookup names, @Nullable SSLContext trusted) {
        this.settings = settings;
        this.proxies = new ProxyRules(settings.proxy());
        this.names = names;
        this.http1 = Http1Config.custom()
                .setMaxHeaderCount(settings.maxHeaderCount())
                .setMaxLineLength(settings.maxHeaderBytes())
                .setMaxEmptyLineCount(1)
                .build();
        ManagedHttpClientConnectionFactory plain = ManagedHttpClientConnectionFactory.builder()
                .http1Config(http1)
                .responseParserFactory(new DefaultHttpResponseParserFactory(http1))
                .build();
        this.pool = PoolingHttpClientConnectionManagerBuilder.create()
                .setConnectionFactory(breakable(plain))
                .setTlsSocketStrategy(timed(tlsStrategy(settings, trusted)))
                .setConnPoolPolicy(PoolReusePolicy.LIFO)
                .setMaxConnTotal(MAX_CONNECTIONS)
                .setMaxConnPerRoute(MAX_CONNECTIONS)
                .setDnsResolver(new NeverResolving())
                .setDefaultSocketConfig(
                        SocketConfig.custom().setTcpNoDelay(true).build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setIdleTimeout(Timeout.of(settings.connectionPool().idleTimeout()))
                        // Always: a request on a connection the peer has closed could not be repeated.
                        .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS)
                        .build())
                .build();
    }

    /**
     * Sends one request to one of the addresses, the first that takes a connection, and returns when the head of the
     * response is there. The response must be closed.
     */
    OpenResponse send(Outgoing request, List<InetAddress> addresses, Exchange exchange)
            throws RefusedException, StoppedException {
        HttpUrl url = request.url();
        ProxyAddress proxy = proxies.proxyFor(url).orElse(null);
        List<InetAddress> proxyAddresses = proxy == null ? List.of() : addressesOf(proxy, exchange);
        RefusedException failure = null;
        for (InetAddress address : addresses) {
            HttpRoute route = route(url, address, proxy, proxyAddresses);
            try {
                ConnectionEndpoint endpoint = connected(url, address, route, proxy, exchange);
                return exchangeOver(endpoint, route, request, exchange);
            } catch (NotConnectedException e) {
                failure = e.refusal;
            }
        }
        throw failure == null ? new RefusedException(Reason.DNS, url.host() + " has no address.") : failure;
    }

    /** Closes connections idle for too long; to be called now and then. */
    void closeIdle() {
        pool.closeExpired();
        pool.closeIdle(
                TimeValue.ofMilliseconds(settings.connectionPool().idleTimeout().toMillis()));
    }

    /** Idle connections in the pool. */
    int idle() {
        return pool.getTotalStats().getAvailable();
    }

    @Override
    public void close() {
        pool.close(CloseMode.IMMEDIATE);
    }

    private List<InetAddress> addressesOf(ProxyAddress proxy, Exchange exchange)
            throws RefusedException, StoppedException {
        InetAddress literal = IpText.literal(proxy.host()).orElse(null);
        return literal != null ? List.of(literal) : names.resolve(proxy.host(), exchange);
    }

    private static HttpRoute route(
            HttpUrl url, InetAddress address, @Nullable ProxyAddress proxy, List<InetAddress> proxyAddresses) {
        HttpHost target = new HttpHost(url.scheme(), address, url.host(), url.port());
        if (proxy == null) {
            return new HttpRoute(target, null, url.isSecure());
        }
        HttpHost via = new HttpHost("http", proxyAddresses.getFirst(), proxy.host(), proxy.port());
        return new HttpRoute(
                target,
                null,
                via,
                url.isSecure(),
                TunnelType.TUNNELLED,
                url.isSecure() ? LayerType.LAYERED : LayerType.PLAIN);
    }

    /** A leased endpoint that is connected, tunnel and TLS included. */
    private ConnectionEndpoint connected(
            HttpUrl url, InetAddress address, HttpRoute route, @Nullable ProxyAddress proxy, Exchange exchange)
            throws NotConnectedException, RefusedException, StoppedException {
        ConnectionEndpoint endpoint = leased(url, route, exchange);
        boolean ready = false;
        try {
            exchange.breakWith(() -> endpoint.close(CloseMode.IMMEDIATE));
            if (!endpoint.isConnected()) {
                connect(url, address, proxy, endpoint, exchange);
            }
            ready = true;
            return endpoint;
        } finally {
            if (!ready) {
                discard(endpoint, exchange);
            }
        }
    }

    private ConnectionEndpoint leased(HttpUrl url, HttpRoute route, Exchange exchange)
            throws RefusedException, StoppedException {
        Timeout patience = Timeout.ofMilliseconds(exchange.remainingMillis());
        LeaseRequest lease = pool.lease(url.host(), route, patience, null);
        exchange.breakWith(lease::cancel);
        try {
            return lease.get(patience);
        } catch (CancellationException e) {
            throw new StoppedException();
        } catch (TimeoutException | ExecutionException e) {
            if (exchange.stopped() != null) {
                throw new StoppedException();
            }
            throw new RefusedException(
                    Reason.TIMEOUT,
                    "No connection to " + url.shown() + " became free: all " + MAX_CONNECTIONS
                            + " are in use; start fewer requests at once.");
        } catch (InterruptedException e) {
            lease.cancel();
            Thread.currentThread().interrupt();
            exchange.stop(Exchange.Stop.CALLER);
            throw new StoppedException();
        }
    }

    private void connect(
            HttpUrl url,
            InetAddress address,
            @Nullable ProxyAddress proxy,
            ConnectionEndpoint endpoint,
            Exchange exchange)
            throws NotConnectedException, RefusedException, StoppedException {
        long limit = Math.min(settings.connectionPool().connectionTimeout().toMillis(), exchange.remainingMillis());
        String peer =
                proxy == null ? IpText.format(address) + " port " + url.port() : "the proxy " + proxy + " (http.proxy)";
        HttpClientContext context = HttpClientContext.create();
        long start = System.nanoTime();
        try {
            pool.connect(endpoint, TimeValue.ofMilliseconds(limit), context);
            endpoint.setSocketTimeout(Timeout.ofMilliseconds(limit));
            if (proxy != null) {
                tunnel(url, address, proxy, endpoint, context);
                if (url.isSecure()) {
                    pool.upgrade(endpoint, context);
                }
            }
        } catch (IOException | HttpException | IllegalStateException e) {
            if (exchange.stopped() != null) {
                throw new StoppedException();
            }
            if (exchange.handshaking()) {
                throw new RefusedException(Reason.TLS, tlsFailure(url, e));
            }
            throw new NotConnectedException(
                    e instanceof SocketTimeoutException
                            ? new RefusedException(
                                    Reason.TIMEOUT,
                                    "No connection to " + url.shown() + ": " + peer + " did not answer within "
                                            + seconds(limit) + " (http.connection_pool.connection_timeout).")
                            : new RefusedException(
                                    Reason.CONNECT,
                                    "No connection to " + url.shown() + ": " + peer
                                            + " refused it or cannot be reached."));
        } finally {
            exchange.handshaking(false);
            exchange.addConnect(start);
        }
    }

    /** Asks the proxy for a tunnel to the checked address, so that the proxy resolves nothing. */
    private void tunnel(
            HttpUrl url,
            InetAddress address,
            ProxyAddress proxy,
            ConnectionEndpoint endpoint,
            HttpClientContext context)
            throws IOException, HttpException, NotConnectedException {
        String shown = IpText.format(address);
        String target = (shown.indexOf(':') >= 0 ? "[" + shown + "]" : shown) + ":" + url.port();
        ClassicHttpRequest connect = new BasicClassicHttpRequest("CONNECT", target);
        connect.addHeader("Host", target);
        connect.addHeader("User-Agent", settings.userAgent());
        if (proxy.authorization() != null) {
            connect.addHeader("Proxy-Authorization", proxy.authorization());
        }
        HttpRequestExecutor executor = new HttpRequestExecutor(http1, null, null);
        try (ClassicHttpResponse response = endpoint.execute(
                url.host(),
                connect,
                (request, connection, ignored) -> executor.execute(request, connection, context),
                context)) {
            int status = response.getCode();
            if (status < 200 || status > 299) {
                throw new NotConnectedException(new RefusedException(
                        Reason.CONNECT,
                        "No connection to " + url.shown() + ": the proxy " + proxy + " answered CONNECT " + target
                                + " with status " + status
                                + (status == 407
                                        ? "; give it credentials as http://user:password@host:port (http.proxy)."
                                        : "; allow this address there, or list the host in http.proxy.no_proxy.")));
            }
        }
    }

    private OpenResponse exchangeOver(ConnectionEndpoint endpoint, HttpRoute route, Outgoing request, Exchange exchange)
            throws RefusedException, StoppedException {
        boolean open = false;
        try {
            endpoint.setSocketTimeout(Timeout.ofMilliseconds(exchange.remainingMillis()));
            Stopwatch watch = new Stopwatch(exchange);
            ClassicHttpRequest message = message(request, watch);
            HttpRequestExecutor executor = new HttpRequestExecutor(http1, null, watch);
            HttpClientContext context = HttpClientContext.create();
            ClassicHttpResponse response;
            try {
                response = endpoint.execute(
                        request.url().host(),
                        message,
                        (sent, connection, ignored) -> executor.execute(sent, connection, context),
                        context);
            } finally {
                watch.headDone();
            }
            OpenResponse opened = new OpenResponse(endpoint, route, message, response, request, exchange);
            open = true;
            return opened;
        } catch (IOException | HttpException | IllegalStateException e) {
            throw broken(request.url(), e, exchange);
        } finally {
            if (!open) {
                discard(endpoint, exchange);
            }
        }
    }

    private ClassicHttpRequest message(Outgoing request, Stopwatch watch) {
        HttpUrl url = request.url();
        ClassicHttpRequest message = new BasicClassicHttpRequest(request.method(), url.target());
        message.addHeader("Host", url.authority());
        List<HttpHeader> headers = request.headers();
        for (HttpHeader header : headers) {
            message.addHeader(header.name(), header.value());
        }
        if (HttpHeader.first(headers, "Accept").isEmpty()) {
            message.addHeader("Accept", "*/*");
        }
        if (HttpHeader.first(headers, "User-Agent").isEmpty()) {
            message.addHeader("User-Agent", settings.userAgent());
        }
        // A range counts bytes of the representation as sent, so the Fetch standard asks for it unencoded.
        boolean range = HttpHeader.first(headers, "Range").isPresent();
        message.addHeader("Accept-Encoding", range ? "identity" : "gzip, deflate");
        byte[] body = request.body();
        if (body != null) {
            message.addHeader("Content-Length", Integer.toString(body.length));
            message.setEntity(new TimedEntity(body, watch));
        } else if (request.method().equals("POST") || request.method().equals("PUT")) {
            message.addHeader("Content-Length", "0");
        }
        return message;
    }

    private void discard(ConnectionEndpoint endpoint, Exchange exchange) {
        exchange.release();
        endpoint.close(CloseMode.IMMEDIATE);
        pool.release(endpoint, null, NOT_KEPT);
    }

    private static RefusedException broken(HttpUrl url, Exception e, Exchange exchange) throws StoppedException {
        if (exchange.stopped() != null) {
            throw new StoppedException();
        }
        return switch (e) {
            case SocketTimeoutException timeout -> {
                exchange.stop(Exchange.Stop.DEADLINE);
                throw new StoppedException();
            }
            case SSLException tls -> new RefusedException(Reason.TLS, tlsFailure(url, tls));
            case MessageConstraintException tooLong ->
                new RefusedException(
                        Reason.PROTOCOL,
                        "The answer of " + url.shown()
                                + " has too many or too long header lines (http.max_header_count, http.max_header_bytes).");
            case NoHttpResponseException none ->
                new RefusedException(
                        Reason.PROTOCOL,
                        url.shown()
                                + " closed the connection without an answer. The request may have been received; it is"
                                + " not repeated.");
            case HttpException protocol ->
                new RefusedException(Reason.PROTOCOL, url.shown() + " did not answer in HTTP/1.1.");
            default ->
                new RefusedException(
                        Reason.PROTOCOL,
                        "The connection to " + url.shown()
                                + " broke before the answer was complete. The request may have"
                                + " been received; it is not repeated.");
        };
    }

    private static String tlsFailure(HttpUrl url, Exception e) {
        String text = "The TLS connection to " + url.shown() + " failed";
        String detail = e instanceof SSLException ? String.valueOf(e.getMessage()) : "";
        // Written by the platform from the certificate, thus partly by the peer.
        String printable = detail.replaceAll("[^\\x20-\\x7e]", "?");
        return printable.isEmpty()
                ? text + ": the server ended it or did not answer in time."
                : text + ": " + (printable.length() > 200 ? printable.substring(0, 200) + "…" : printable)
                        + ". Accepted are TLS 1.2 and 1.3 with a valid certificate for the host"
                        + " (or http.verify_ssl: false).";
    }

    static String seconds(long millis) {
        Duration duration = Duration.ofMillis(millis);
        return duration.toMillisPart() == 0 ? duration.toSeconds() + " s" : millis + " ms";
    }

    private static HttpConnectionFactory<ManagedHttpClientConnection> breakable(
            HttpConnectionFactory<ManagedHttpClientConnection> factory) {
        return socket -> {
            ManagedHttpClientConnection connection = factory.createConnection(socket);
            try {
                // A closed connection refuses its socket, so a stop works before, while and after connecting.
                Exchange.CURRENT.get().breakWith(() -> connection.close(CloseMode.IMMEDIATE));
            } catch (StoppedException e) {
                connection.close(CloseMode.IMMEDIATE);
            }
            return connection;
        };
    }

    private static TlsSocketStrategy timed(TlsSocketStrategy strategy) {
        return (socket, host, port, attachment, context) -> {
            Exchange exchange = Exchange.CURRENT.get();
            exchange.handshaking(true);
            long start = System.nanoTime();
            try {
                SSLSocket secured = strategy.upgrade(socket, host, port, attachment, context);
                exchange.handshaking(false);
                return secured;
            } finally {
                exchange.addTls(start);
            }
        };
    }

    private static TlsSocketStrategy tlsStrategy(HttpSettings settings, @Nullable SSLContext trusted) {
        ClientTlsStrategyBuilder builder = ClientTlsStrategyBuilder.create().setTlsVersions("TLSv1.3", "TLSv1.2");
        if (!settings.verifySsl()) {
            return builder.setSslContext(TrustEverything.context())
                    .setHostVerificationPolicy(HostnameVerificationPolicy.CLIENT)
                    .setHostnameVerifier(NoopHostnameVerifier.INSTANCE)
                    .buildClassic();
        }
        if (trusted != null) {
            builder.setSslContext(trusted);
        }
        return builder.setHostVerificationPolicy(HostnameVerificationPolicy.BUILTIN)
                .buildClassic();
    }

    /** No connection to this address; the next one may be tried, since nothing has been sent. */
    private static final class NotConnectedException extends Exception {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // never serialized
        private final RefusedException refusal;

        NotConnectedException(RefusedException refusal) {
            super(refusal.text(), null, false, false);
            this.refusal = refusal;
        }
    }

    /** Every route carries its address, so being asked for one is a defect, and answering would undo the check. */
    private static final class NeverResolving implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) {
            throw new IllegalStateException("a route without a checked address: " + host);
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            throw new IllegalStateException("a route without a checked address: " + host);
        }
    }

    /** Parts the time between the first byte out and the head in. */
    private static final class Stopwatch implements Http1StreamListener {
        private final Exchange exchange;
        private final long start = System.nanoTime();
        private long sent = start;

        Stopwatch(Exchange exchange) {
            this.exchange = exchange;
        }

        void sentSoFar() {
            sent = System.nanoTime();
        }

        void headDone() {
            exchange.addSend(sent - start);
            exchange.addAwait(System.nanoTime() - sent);
        }

        @Override
        public void onRequestHead(HttpConnection connection, HttpRequest request) {
            sentSoFar();
        }

        @Override
        public void onResponseHead(HttpConnection connection, HttpResponse response) {}

        @Override
        public void onExchangeComplete(HttpConnection connection, boolean keepAlive) {}
    }

    private static final class TimedEntity extends AbstractHttpEntity {
        private final byte[] body;
        private final Stopwatch watch;

        TimedEntity(byte[] body, Stopwatch watch) {
            super((String) null, null);
            this.body = body;
            this.watch = watch;
        }

        @Override
        public boolean isStreaming() {
            return false;
        }

        @Override
        public long getContentLength() {
            return body.length;
        }

        @Override
        public InputStream getContent() {
            return new ByteArrayInputStream(body);
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(body);
            watch.sentSoFar();
        }

        @Override
        public void close() {}
    }

    /** A response whose head is there and whose body waits on the connection. */
    final class OpenResponse implements AutoCloseable {
        /** Bytes of an unwanted body that are read to keep the connection; beyond, a new one is cheaper. */
        private static final int MAX_SKIPPED = 64 * 1024;

        private static final Duration SKIP_TIME = Duration.ofMillis(250);

        private final ConnectionEndpoint endpoint;
        private final HttpRoute route;
        private final ClassicHttpRequest message;
        private final ClassicHttpResponse response;
        private final Outgoing request;
        private final Exchange exchange;
        private final List<HttpHeader> headers;
        private boolean complete;

        private OpenResponse(
                ConnectionEndpoint endpoint,
                HttpRoute route,
                ClassicHttpRequest message,
                ClassicHttpResponse response,
                Outgoing request,
                Exchange exchange) {
            this.endpoint = endpoint;
            this.route = route;
            this.message = message;
            this.response = response;
            this.request = request;
            this.exchange = exchange;
            this.headers = Arrays.stream(response.getHeaders())
                    .map(Connections::headerOf)
                    .toList();
            this.complete = response.getEntity() == null;
        }

        int status() {
            return response.getCode();
        }

        String statusText() {
            String phrase = response.getReasonPhrase();
            return phrase == null ? "" : phrase.replaceAll("[\\x00-\\x1f\\x7f]", "");
        }

        /** As received. */
        List<HttpHeader> headers() {
            return headers;
        }

        boolean hasBody() {
            return response.getEntity() != null;
        }

        /** The whole body, with {@code codings} undone. */
        byte[] body(List<String> codings, long max) throws RefusedException, StoppedException {
            HttpEntity entity = response.getEntity();
            if (entity == null) {
                return new byte[0];
            }
            HttpUrl url = request.url();
            if (codings.isEmpty() && entity.getContentLength() > max) {
                throw tooLarge(url, max);
            }
            long start = System.nanoTime();
            try {
                byte[] body = BodyReader.read(entity.getContent(), codings, max);
                complete = true;
                return body;
            } catch (BodyReader.BodyTooLargeException e) {
                throw tooLarge(url, max);
            } catch (ZipException | EOFException e) {
                if (exchange.stopped() != null) {
                    throw new StoppedException();
                }
                throw new RefusedException(
                        Reason.PROTOCOL,
                        "The body of " + url.shown() + " is damaged: it cannot be decoded as its Content-Encoding ("
                                + String.join(", ", codings) + ") says.");
            } catch (IOException | IllegalStateException e) {
                throw broken(url, e, exchange);
            } finally {
                exchange.addReceive(start);
            }
        }

        /** Passes over a body nobody wants, if that is cheaper than a new connection. */
        void skipBody() throws StoppedException {
            HttpEntity entity = response.getEntity();
            if (entity == null || entity.getContentLength() > MAX_SKIPPED) {
                return;
            }
            long start = System.nanoTime();
            try {
                endpoint.setSocketTimeout(Timeout.of(SKIP_TIME));
                InputStream in = entity.getContent();
                byte[] chunk = new byte[8 * 1024];
                int skipped = 0;
                while (!complete && skipped <= MAX_SKIPPED && System.nanoTime() - start < SKIP_TIME.toNanos()) {
                    int count = in.read(chunk);
                    complete = count < 0;
                    skipped += count;
                }
            } catch (IOException | IllegalStateException e) {
                // Nobody asked for the body; incomplete, its connection is closed and the next request goes on.
                if (exchange.stopped() != null) {
                    throw new StoppedException();
                }
            } finally {
                exchange.addReceive(start);
            }
        }

        /** Gives the connection back: to the pool if it can be used again, else closed. */
        @Override
        public void close() {
            HttpClientContext context = HttpClientContext.create();
            boolean keep = complete
                    && exchange.stopped() == null
                    && DefaultClientConnectionReuseStrategy.INSTANCE.keepAlive(message, response, context)
                    && pool.getStats(route).getAvailable()
                            < settings.connectionPool().maxIdlePerHost();
            if (!keep) {
                discard(endpoint, exchange);
                return;
            }
            long idle = settings.connectionPool().idleTimeout().toMillis();
            TimeValue offered = DefaultConnectionKeepAliveStrategy.INSTANCE.getKeepAliveDuration(response, context);
            long kept = TimeValue.isPositive(offered) ? Math.min(idle, offered.toMilliseconds()) : idle;
            exchange.release();
            pool.release(endpoint, null, TimeValue.ofMilliseconds(kept));
        }

        private static RefusedException tooLarge(HttpUrl url, long max) {
            return RefusedException.tooLarge(
                    "The body of " + url.shown() + " has more than the " + max + " bytes allowed.", max);
        }
    }

    private static HttpHeader headerOf(Header header) {
        return new HttpHeader(header.getName(), header.getValue() == null ? "" : header.getValue());
    }
}

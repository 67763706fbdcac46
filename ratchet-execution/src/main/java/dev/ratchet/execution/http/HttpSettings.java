package dev.ratchet.execution.http;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the gate: the {@code http} block of the configuration. Exceptions name the key at fault.
 *
 * @param timeout {@code timeout}: most time for one request from name resolution to the last byte, redirects included;
 *     1 ms to 1 hour, default 30 s
 * @param maxRedirects {@code max_redirects}: redirects followed before giving up; 0 to 50, default 10
 * @param userAgent {@code user_agent}: sent where the request names none; printable ASCII, default {@code Ratchet/1.0}
 * @param verifySsl {@code verify_ssl}: whether certificates and host names are checked; default true
 * @param connectionPool {@code connection_pool}
 * @param proxy {@code proxy}
 * @param maxHeaderCount most header fields of a request or a response; 1 to 1000, default 128
 * @param maxHeaderBytes most bytes of one header line, name included; 256 to 65,536, default 16,384
 */
public record HttpSettings(
        Duration timeout,
        int maxRedirects,
        String userAgent,
        boolean verifySsl,
        ConnectionPool connectionPool,
        Proxy proxy,
        int maxHeaderCount,
        int maxHeaderBytes) {
    // Before the defaults, whose construction is checked against it.
    private static final Duration HOUR = Duration.ofHours(1);

    /** The documented defaults. */
    public static final HttpSettings DEFAULTS = new HttpSettings(
            Duration.ofSeconds(30), 10, "Ratchet/1.0", true, ConnectionPool.DEFAULTS, Proxy.NONE, 128, 16 * 1024);

    /**
     * How connections are made and kept.
     *
     * @param maxIdlePerHost {@code max_idle_per_host}: idle connections kept per host and address; 0 to 1000, default
     *     10
     * @param idleTimeout {@code idle_timeout}: how long an idle connection is kept; 1 ms to 1 hour, default 90 s
     * @param connectionTimeout {@code connection_timeout}: most time for a TCP connection, and again for its TLS
     *     handshake; 1 ms to 1 hour, default 10 s
     */
    public record ConnectionPool(int maxIdlePerHost, Duration idleTimeout, Duration connectionTimeout) {
        /** The documented defaults. */
        public static final ConnectionPool DEFAULTS =
                new ConnectionPool(10, Duration.ofSeconds(90), Duration.ofSeconds(10));

        public ConnectionPool {
            requireRange("http.connection_pool.max_idle_per_host", maxIdlePerHost, 0, 1000);
            requireRange("http.connection_pool.idle_timeout", idleTimeout);
            requireRange("http.connection_pool.connection_timeout", connectionTimeout);
        }
    }

    /**
     * Proxies, each {@code http://[user:password@]host[:port]} or null for none. Requests of either scheme go through a
     * {@code CONNECT} tunnel to the address the gate has checked.
     *
     * @param httpProxy {@code http_proxy}: for {@code http} URLs
     * @param httpsProxy {@code https_proxy}: for {@code https} URLs
     * @param noProxy {@code no_proxy}: what is reached directly; a comma-separated list of {@code *}, host names (which
     *     cover the names below them), IP addresses and CIDR blocks, names and addresses with an optional {@code :port}
     */
    public record Proxy(
            @Nullable String httpProxy,
            @Nullable String httpsProxy,
            @Nullable String noProxy) {
        // Not in the compact form, because what is checked is the whole.
        public Proxy(@Nullable String httpProxy, @Nullable String httpsProxy, @Nullable String noProxy) {
            this.httpProxy = httpProxy;
            this.httpsProxy = httpsProxy;
            this.noProxy = noProxy;
            if (httpProxy != null || httpsProxy != null || noProxy != null) {
                var _ = new ProxyRules(this);
            }
        }

        /** No proxy. */
        public static final Proxy NONE = new Proxy(null, null, null);

        /** Leaves credentials out. */
        @Override
        public String toString() {
            return "Proxy[http=" + (httpProxy != null) + ", https=" + (httpsProxy != null) + ", noProxy=" + noProxy
                    + "]";
        }
    }

    public HttpSettings {
        requireRange("http.timeout", timeout);
        requireRange("http.max_redirects", maxRedirects, 0, 50);
        requireRange("http.max_header_count", maxHeaderCount, 1, 1000);
        requireRange("http.max_header_bytes", maxHeaderBytes, 256, 65_536);
        Objects.requireNonNull(connectionPool, "connectionPool");
        Objects.requireNonNull(proxy, "proxy");
        if (userAgent.isBlank()
                || userAgent.length() > 256
                || !userAgent.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            throw new IllegalArgumentException("http.user_agent must be 1 to 256 printable ASCII characters");
        }
    }

    /** These settings with another {@code timeout}. */
    public HttpSettings withTimeout(Duration other) {
        return new HttpSettings(
                other, maxRedirects, userAgent, verifySsl, connectionPool, proxy, maxHeaderCount, maxHeaderBytes);
    }

    /** These settings with another {@code max_redirects}. */
    public HttpSettings withMaxRedirects(int other) {
        return new HttpSettings(
                timeout, other, userAgent, verifySsl, connectionPool, proxy, maxHeaderCount, maxHeaderBytes);
    }

    /** These settings with another {@code verify_ssl}. */
    public HttpSettings withVerifySsl(boolean other) {
        return new HttpSettings(
                timeout, maxRedirects, userAgent, other, connectionPool, proxy, maxHeaderCount, maxHeaderBytes);
    }

    /** These settings with another {@code connection_pool}. */
    public HttpSettings withConnectionPool(ConnectionPool other) {
        return new HttpSettings(
                timeout, maxRedirects, userAgent, verifySsl, other, proxy, maxHeaderCount, maxHeaderBytes);
    }

    /** These settings with another {@code proxy}. */
    public HttpSettings withProxy(Proxy other) {
        return new HttpSettings(
                timeout, maxRedirects, userAgent, verifySsl, connectionPool, other, maxHeaderCount, maxHeaderBytes);
    }

    private static void requireRange(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(key + " must be " + least + " to " + most + ", not " + value);
        }
    }

    private static void requireRange(String key, Duration value) {
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(HOUR) > 0) {
            throw new IllegalArgumentException(
                    key + " must be more than zero and at most an hour, not " + value.toMillis() / 1000.0 + " s");
        }
    }
}

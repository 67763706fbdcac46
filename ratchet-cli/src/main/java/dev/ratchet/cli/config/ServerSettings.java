package dev.ratchet.cli.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The server.
 *
 * @param bindAddress {@code bind_address} (or {@code host}): address it listens on; default 127.0.0.1
 * @param port {@code port}: 0 to 65,535, where 0 takes a free one; default 8080
 * @param dataDir {@code data_dir}: folder of everything it keeps; default {@code data}
 * @param database {@code database}
 * @param requestTimeout {@code request_timeout}: longest time for one request; 1 s to an hour, default 90 s
 * @param maxRequestBytes {@code max_request_bytes}: largest body of a request; 64 KiB to 1 GiB, default 12 MiB
 * @param shutdownTimeout {@code shutdown_timeout}: how long running jobs may take to end; 0 to an hour, default 30 s
 * @param auth {@code auth}: tokens; empty unless a secret for them is given
 * @param cors {@code cors}
 * @param rateLimit {@code rate_limit}
 * @param tls {@code tls}; empty for plain HTTP
 */
public record ServerSettings(
        String bindAddress,
        int port,
        Path dataDir,
        Database database,
        Duration requestTimeout,
        long maxRequestBytes,
        Duration shutdownTimeout,
        Optional<Auth> auth,
        Cors cors,
        RateLimit rateLimit,
        Optional<Tls> tls) {

    /**
     * Base of every route, without a slash at its end.
     *
     * @param actualPort the port in use, which {@link #port()} leaves open when it is 0
     */
    public String url(int actualPort) {
        String literal =
                bindAddress.contains(":") && !bindAddress.startsWith("[") ? "[" + bindAddress + "]" : bindAddress;
        return (tls.isPresent() ? "https://" : "http://") + literal + ":" + actualPort;
    }

    /**
     * The database.
     *
     * @param url {@code url}: default {@code sqlite://{data_dir}/ratchet.db}
     * @param maxConnections {@code max_connections}: 1 to 1000, default 10
     * @param minConnections {@code min_connections}: 0 to {@code maxConnections}, default 1
     * @param connectionTimeout {@code connection_timeout}: longest wait for a connection; 250 ms to an hour, default 30 s
     * @param idleTimeout {@code idle_timeout}: 10 s to a day, default 10 min
     * @param maxLifetime {@code max_lifetime}: 30 s to a day, default an hour
     * @param sqlite what concerns SQLite only
     */
    public record Database(
            DatabaseUrl url,
            int maxConnections,
            int minConnections,
            Duration connectionTimeout,
            Duration idleTimeout,
            Duration maxLifetime,
            SqliteOptions sqlite) {}

    /**
     * What concerns SQLite only. The journal is always WAL.
     *
     * @param synchronous {@code database.synchronous}; default full
     * @param cacheSize {@code database_specific.sqlite.cache_size}: pages, or KiB if negative; default 2000
     * @param busyTimeout {@code database_specific.sqlite.busy_timeout}: 0 to 10 min, default 5 s
     */
    public record SqliteOptions(Synchronous synchronous, int cacheSize, Duration busyTimeout) {}

    /** When SQLite asks the disk to have written. */
    public enum Synchronous {
        /** At every commit: what was accepted survives the loss of power. */
        FULL,
        /** The same, and for the folder as well. */
        EXTRA,
        /** At checkpoints: the last commits can be lost with the power, the file stays sound. */
        NORMAL
    }

    /**
     * Tokens.
     *
     * @param jwtSecret {@code jwt_secret}: at least 32 characters
     * @param tokenExpiration {@code token_expiration}: a minute to 366 days, default an hour
     * @param issuer {@code issuer}: default ratchet
     * @param audience {@code audience}: default ratchet-api
     */
    public record Auth(String jwtSecret, Duration tokenExpiration, String issuer, String audience) {
        /** Leaves the secret out. */
        @Override
        public String toString() {
            return "Auth[tokenExpiration=" + tokenExpiration + ", issuer=" + issuer + ", audience=" + audience + "]";
        }
    }

    /**
     * Pages of other origins that may call the server.
     *
     * @param allowedOrigins {@code allowed_origins}: default none; {@code *} stands for all
     * @param allowedMethods {@code allowed_methods}
     * @param allowedHeaders {@code allowed_headers}
     * @param allowCredentials {@code allow_credentials}: default false; never together with {@code *}
     * @param maxAge {@code max_age}: 0 to a day, default an hour
     */
    public record Cors(
            List<String> allowedOrigins,
            List<String> allowedMethods,
            List<String> allowedHeaders,
            boolean allowCredentials,
            Duration maxAge) {
        public Cors {
            allowedOrigins = List.copyOf(allowedOrigins);
            allowedMethods = List.copyOf(allowedMethods);
            allowedHeaders = List.copyOf(allowedHeaders);
        }
    }

    /**
     * How often a client may ask.
     *
     * @param enabled {@code enabled}: default false
     * @param requestsPerMinute {@code requests_per_minute}: 1 to 1,000,000, default 60
     * @param burstSize {@code burst_size}: 1 to 1,000,000, default 10
     * @param timeWindow {@code time_window}: 1 s to a day, default a minute
     */
    public record RateLimit(boolean enabled, int requestsPerMinute, int burstSize, Duration timeWindow) {}

    /**
     * Encryption.
     *
     * @param certificate {@code cert_file}: PEM
     * @param key {@code key_file}: PEM
     * @param chain {@code chain_file}: PEM, where the chain is not in the certificate's file
     * @param minVersion {@code min_version}: {@code 1.2} or {@code 1.3}, default {@code 1.2}
     */
    public record Tls(Path certificate, Path key, Optional<Path> chain, String minVersion) {}
}

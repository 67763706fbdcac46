package dev.ratchet.server.settings;

import dev.ratchet.execution.WorkerClasspath;
import dev.ratchet.execution.WorkerPoolSettings;
import dev.ratchet.execution.http.HttpSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What a server process is told before it starts.
 *
 * @param version version of the program
 * @param listen where it listens
 * @param dataDirectory folder of its files; made if it is missing, and used by one server at a time
 * @param shutdownTimeout longest time from being asked to stop to the end of the process; 1 s to 1 h
 * @param logging its log
 * @param pool its workers
 * @param classpath what workers are started from
 * @param http outbound requests
 * @param validateSchemas whether inputs and outputs are checked
 */
public record ServerSettings(
        String version,
        Listen listen,
        Path dataDirectory,
        Duration shutdownTimeout,
        LoggingSettings logging,
        WorkerPoolSettings pool,
        WorkerClasspath classpath,
        HttpSettings http,
        boolean validateSchemas) {

    /** Half a minute. */
    public static final Duration DEFAULT_SHUTDOWN_TIMEOUT = Duration.ofSeconds(30);

    /** The folder {@code data} of the working directory. */
    public static final Path DEFAULT_DATA_DIRECTORY = Path.of("data");

    public ServerSettings {
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(listen, "listen");
        Objects.requireNonNull(dataDirectory, "dataDirectory");
        Objects.requireNonNull(logging, "logging");
        Objects.requireNonNull(pool, "pool");
        Objects.requireNonNull(classpath, "classpath");
        Objects.requireNonNull(http, "http");
        if (shutdownTimeout.compareTo(Duration.ofSeconds(1)) < 0
                || shutdownTimeout.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(
                    "server.shutdown_timeout must be from 1 s to 1 h, was " + shutdownTimeout);
        }
    }

    /**
     * Where the server listens.
     *
     * @param host {@code localhost} or an IP address; see {@link Loopback}
     * @param port 0 to 65535; 0 means any free one
     * @param maxRequestBytes largest body of a request; 1 KiB to 1 GiB
     * @param tls certificate and key; empty means plain HTTP
     */
    public record Listen(String host, int port, long maxRequestBytes, Optional<Tls> tls) {
        public static final String DEFAULT_HOST = "127.0.0.1";
        public static final int DEFAULT_PORT = 8080;

        /** 12 MiB: an input of 10 MiB and what is around it. */
        public static final long DEFAULT_MAX_REQUEST_BYTES = 12L * 1024 * 1024;

        public Listen {
            Objects.requireNonNull(host, "host");
            Objects.requireNonNull(tls, "tls");
            if (port < 0 || port > 65_535) {
                throw new IllegalArgumentException("server.port must be from 0 to 65535, was " + port);
            }
            if (maxRequestBytes < 1024 || maxRequestBytes > 1024L * 1024 * 1024) {
                throw new IllegalArgumentException(
                        "server.max_request_bytes must be from 1024 to 1073741824, was " + maxRequestBytes);
            }
        }

        /**
         * Base of every route, without a slash at its end.
         *
         * @param actualPort the port in use, which {@link #port()} leaves open when it is 0
         */
        public String url(int actualPort) {
            String literal = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
            return (tls.isPresent() ? "https://" : "http://") + literal + ":" + actualPort;
        }
    }

    /**
     * A certificate to serve HTTPS with.
     *
     * @param certificate PEM file with the certificate and the chain after it
     * @param key PEM file with the private key in PKCS #8 form
     * @param minVersion {@code 1.2} or {@code 1.3}
     */
    public record Tls(Path certificate, Path key, String minVersion) {
        public Tls {
            Objects.requireNonNull(certificate, "certificate");
            Objects.requireNonNull(key, "key");
            if (!minVersion.equals("1.2") && !minVersion.equals("1.3")) {
                throw new IllegalArgumentException(
                        "server.tls.min_version must be 1.2 or 1.3, was '" + minVersion + "'");
            }
        }
    }
}

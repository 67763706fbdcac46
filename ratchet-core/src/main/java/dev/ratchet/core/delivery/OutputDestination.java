package dev.ratchet.core.delivery;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a result goes. Texts called templates are Handlebars templates over the variables of
 * {@link DeliveryVariables}; what they may hold is checked where destinations are read ({@link OutputDestinations}).
 */
public sealed interface OutputDestination {
    /** The name its author gave it; null when it has none. */
    @Nullable
    String name();

    /** Which ends of a job it is told about. */
    DeliverOn on();

    /** Its own retry policy; null to use the server's. */
    @Nullable
    DeliveryRetryPolicy retryPolicy();

    /** {@code filesystem}, {@code webhook} or {@code stdio}. */
    String type();

    /**
     * A file under the server's output folder.
     *
     * @param path template, relative to the folder or absolute within it
     * @param format how the result is written, unless there is a {@code template}
     * @param template what the file holds instead; null for the result itself
     * @param permissions POSIX mode bits, 0 to 0777
     * @param createDirs whether missing folders are made
     * @param overwrite whether an existing file is replaced; otherwise it makes the delivery fail, unless it has the
     *     same bytes already
     * @param backupExisting whether a file that is replaced is kept beside the new one, with {@code .backup} added
     */
    record Filesystem(
            @Nullable String name,
            DeliverOn on,
            String path,
            OutputFormat format,
            @Nullable String template,
            Compression compression,
            int permissions,
            boolean createDirs,
            boolean overwrite,
            boolean backupExisting)
            implements OutputDestination {
        /** The type's name in JSON. */
        public static final String TYPE = "filesystem";

        /** {@code rw-r--r--}. */
        public static final int DEFAULT_PERMISSIONS = 0644;

        public Filesystem {
            Objects.requireNonNull(on, "on");
            Objects.requireNonNull(path, "path");
            Objects.requireNonNull(format, "format");
            Objects.requireNonNull(compression, "compression");
            if (permissions < 0 || permissions > 0777) {
                throw new IllegalArgumentException("permissions must be 0 to 0777");
            }
        }

        @Override
        public @Nullable DeliveryRetryPolicy retryPolicy() {
            return null;
        }

        @Override
        public String type() {
            return TYPE;
        }
    }

    /** HTTP methods a webhook may use. */
    enum HttpMethod {
        GET,
        POST,
        PUT,
        PATCH,
        DELETE
    }

    /**
     * One request header of a webhook.
     *
     * @param name header name
     * @param value template; not shown by {@link #toString()}, since headers often hold secrets
     */
    record Header(String name, String value) {
        public Header {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(value, "value");
        }

        @Override
        public String toString() {
            return name + ": " + SecretText.MASK;
        }
    }

    /**
     * A request to a URL.
     *
     * @param url template
     * @param method method; {@code GET} and {@code DELETE} carry no body
     * @param headers in order
     * @param timeout until the answer, 1 to 300 seconds
     * @param contentType media type of the body; null for the format's own
     * @param format how the body is written, unless there is a {@code template}
     * @param template what the body holds instead; null for the result itself
     * @param compression packs the body, said by {@code Content-Encoding}
     * @param authentication null for none
     * @param signingSecret key of the signature (Standard Webhooks, {@code whsec_} and Base64); null for no signature
     */
    record Webhook(
            @Nullable String name,
            DeliverOn on,
            String url,
            HttpMethod method,
            List<Header> headers,
            Duration timeout,
            @Nullable String contentType,
            OutputFormat format,
            @Nullable String template,
            Compression compression,
            @Nullable DeliveryRetryPolicy retryPolicy,
            @Nullable WebhookAuthentication authentication,
            @Nullable SecretText signingSecret)
            implements OutputDestination {
        /** The type's name in JSON. */
        public static final String TYPE = "webhook";

        /** How long to wait for an answer where nothing is said. */
        public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

        public Webhook {
            Objects.requireNonNull(on, "on");
            Objects.requireNonNull(url, "url");
            Objects.requireNonNull(method, "method");
            headers = List.copyOf(headers);
            Objects.requireNonNull(timeout, "timeout");
            Objects.requireNonNull(format, "format");
            Objects.requireNonNull(compression, "compression");
        }

        @Override
        public String type() {
            return TYPE;
        }

        /** Without path and query of the URL, which may be all the secret a receiver asks for. */
        @Override
        public String toString() {
            int authority = url.indexOf("//") + 2;
            int path = url.indexOf('/', authority);
            String shown = path < 0 ? url : url.substring(0, path) + "/…";
            int query = shown.indexOf('?');
            return "Webhook[name=" + name + ", on=" + on + ", url=" + (query < 0 ? shown : shown.substring(0, query))
                    + ", method=" + method + ", headers=" + headers + ", authentication=" + authentication
                    + ", signingSecret=" + signingSecret + "]";
        }
    }

    /** A standard stream of the server. */
    enum StdioStream {
        STDOUT,
        STDERR
    }

    /**
     * Lines on a standard stream of the server.
     *
     * @param format how the result is written, unless there is a {@code template}
     * @param template what is written instead; null for the result itself
     * @param includeMetadata whether job, task and status are written too; null for the server's setting
     * @param lineBuffered whether the stream is flushed after the delivery
     * @param prefix template put before every line; null for none
     */
    record Stdio(
            @Nullable String name,
            DeliverOn on,
            StdioStream stream,
            OutputFormat format,
            @Nullable String template,
            @Nullable Boolean includeMetadata,
            boolean lineBuffered,
            @Nullable String prefix)
            implements OutputDestination {
        /** The type's name in JSON. */
        public static final String TYPE = "stdio";

        public Stdio {
            Objects.requireNonNull(on, "on");
            Objects.requireNonNull(stream, "stream");
            Objects.requireNonNull(format, "format");
        }

        @Override
        public @Nullable DeliveryRetryPolicy retryPolicy() {
            return null;
        }

        @Override
        public String type() {
            return TYPE;
        }
    }
}

package dev.ratchet.core.http;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What became of an {@link HttpCall}. Body arrays are not copied. */
public sealed interface HttpAnswer {
    /**
     * A response arrived, whatever its status.
     *
     * @param status 200 to 599, or 3xx with redirect mode {@code manual}
     * @param statusText reason phrase, may be empty
     * @param url the URL that answered, after redirects, without fragment
     * @param redirected whether at least one redirect was followed
     * @param headers as received, minus {@code Content-Encoding} and {@code Content-Length} where the body was decoded
     * @param body decoded body, empty when there is none
     * @param timing how long each part took
     */
    @SuppressWarnings("ArrayRecordComponent") // see HttpCall
    record Response(
            int status,
            String statusText,
            String url,
            boolean redirected,
            List<HttpHeader> headers,
            byte[] body,
            HttpTiming timing)
            implements HttpAnswer {
        public Response {
            headers = List.copyOf(headers);
            Objects.requireNonNull(timing, "timing");
        }
    }

    /**
     * No response.
     *
     * @param reason why, for programs
     * @param message why, for the task's author
     * @param limit the limit that was hit, with reason {@link Reason#TOO_LARGE} only; null otherwise
     * @param timing how far it got
     */
    record Failure(Reason reason, String message, @Nullable Long limit, HttpTiming timing) implements HttpAnswer {
        public Failure {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(message, "message");
        }
    }

    /** Why there is no response. */
    enum Reason {
        /** The URL cannot be requested: scheme, port or form. */
        BAD_URL,
        /** Host or method is outside the task's permissions. */
        NOT_PERMITTED,
        /** The host's address is private, local or otherwise special. */
        ADDRESS_REFUSED,
        /** The name does not resolve. */
        DNS,
        /** No connection. */
        CONNECT,
        /** TLS handshake or certificate. */
        TLS,
        /** Nothing within the time allowed. */
        TIMEOUT,
        /** A redirect that may not be followed: too many, mode {@code error}, downgrade. */
        REDIRECT,
        /** The body exceeds what is allowed. */
        TOO_LARGE,
        /** The peer broke the protocol or closed early. */
        PROTOCOL,
        /** The caller gave up. */
        ABORTED,
        /** A test has no mock, or a recording no answer, for this request. */
        UNMATCHED
    }
}

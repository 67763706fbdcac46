package dev.ratchet.execution.testing;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpHeader;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An answer to fetches that match.
 *
 * @param method upper-case method; null for any
 * @param url which URLs
 * @param requestBody a JSON value of which the request's body must hold at least everything, or a JSON string that is
 *     the whole body; null for any body
 * @param reply the answer
 * @param delay how long it takes on the virtual clock
 * @param times how often it is given, at least 1; {@link #UNLIMITED} when there is no end
 */
public record MockFetch(
        @Nullable String method,
        UrlPattern url,
        @Nullable JsonText requestBody,
        Reply reply,
        Duration delay,
        int times) {
    /** A mock that is never used up. */
    public static final int UNLIMITED = Integer.MAX_VALUE;

    /** What a mock answers. */
    public sealed interface Reply {
        /**
         * A response.
         *
         * @param finalUrl the URL that answered after redirects; null for the one asked
         */
        @SuppressWarnings("ArrayRecordComponent") // see HttpCall
        record Respond(
                int status,
                String statusText,
                List<HttpHeader> headers,
                byte[] body,
                @Nullable String finalUrl) implements Reply {
            public Respond {
                headers = List.copyOf(headers);
            }
        }

        /** A network failure. */
        record Fail(HttpAnswer.Reason reason, String message) implements Reply {}
    }

    public MockFetch {
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(reply, "reply");
        Objects.requireNonNull(delay, "delay");
        if (times < 1) {
            throw new IllegalArgumentException("a mock is used at least once, times was " + times);
        }
    }

    /** Method and URL pattern, for messages. */
    public String title() {
        return (method == null ? "any method" : method) + " " + url.text();
    }
}

package dev.ratchet.execution.worker;

import java.util.List;
import java.util.Objects;

/** How a fetch ended. */
sealed interface FetchAnswer {

    /**
     * An HTTP answer of any status, body complete and decoded.
     *
     * @param status 200 to 599
     * @param statusText the reason phrase, empty if the server sent none
     * @param url the URL that answered, after redirects
     * @param redirected whether at least one redirect was followed
     * @param headers the answer's headers as received
     * @param body the decoded body, empty if there is none; must not be changed afterwards
     */
    // Handed over once and compared by nobody: copying megabytes would protect nothing.
    @SuppressWarnings("ArrayRecordComponent")
    record Received(
            int status, String statusText, String url, boolean redirected, List<HeaderField> headers, byte[] body)
            implements FetchAnswer {

        public Received {
            if (status < 200 || status > 599) {
                throw new IllegalArgumentException("status: " + status + " is not between 200 and 599");
            }
            Objects.requireNonNull(statusText, "statusText");
            Objects.requireNonNull(url, "url");
            headers = List.copyOf(headers);
            Objects.requireNonNull(body, "body");
        }
    }

    /**
     * No answer: refused by policy, unreachable, too large, over a limit.
     *
     * @param code a stable word for programs, such as {@code ECONNREFUSED}; the task sees it as {@code error.cause.code}
     * @param message a sentence for people that says what failed and why
     */
    record Failed(String code, String message) implements FetchAnswer {

        public Failed {
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(message, "message");
        }
    }
}

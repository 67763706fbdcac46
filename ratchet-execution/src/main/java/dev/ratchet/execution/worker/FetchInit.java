package dev.ratchet.execution.worker;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request as a task made it, already checked against the Fetch Standard.
 *
 * @param method a token; the standard methods are upper case, anything else is as the task wrote it
 * @param url an absolute {@code http:} or {@code https:} URL, serialised by the URL Standard, without a fragment
 * @param headers in the order they go out; names lower case, values without surrounding white space
 * @param body the bytes to send, null for a request without a body; the receiver owns the array
 * @param redirect what to do with an answer of status 301, 302, 303, 307 or 308
 */
// Handed over once and compared by nobody: copying megabytes would protect nothing.
@SuppressWarnings("ArrayRecordComponent")
record FetchInit(String method, String url, List<HeaderField> headers, byte @Nullable [] body, Redirect redirect) {

    FetchInit {
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(url, "url");
        headers = List.copyOf(headers);
        Objects.requireNonNull(redirect, "redirect");
    }

    /** What to do with a redirect. */
    enum Redirect {
        /** Go where it points. */
        FOLLOW,
        /** Treat it as a network failure. */
        ERROR,
        /** Hand the redirect itself to the task. */
        MANUAL
    }
}

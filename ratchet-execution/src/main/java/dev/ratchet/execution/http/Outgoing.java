package dev.ratchet.execution.http;

import dev.ratchet.core.http.HttpHeader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request of a chain of redirects.
 *
 * @param url where it goes
 * @param method HTTP method
 * @param headers the caller's fields, already checked
 * @param body null when there is none; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // see HttpCall
record Outgoing(HttpUrl url, String method, List<HttpHeader> headers, byte @Nullable [] body) {
    Outgoing {
        headers = List.copyOf(headers);
    }

    /**
     * The request a redirect asks for: HTTP-redirect fetch of the Fetch standard, with every credential that names a
     * caller left behind when the origin changes.
     *
     * @param status 301, 302, 303, 307 or 308
     */
    Outgoing redirected(int status, HttpUrl target) {
        boolean becomesGet =
                switch (status) {
                    case 301, 302 -> method.equals("POST");
                    case 303 -> !method.equals("GET") && !method.equals("HEAD");
                    default -> false;
                };
        List<HttpHeader> kept = becomesGet ? RequestHeaders.withoutBodyHeaders(headers) : headers;
        if (!target.sameOrigin(url)) {
            kept = RequestHeaders.withoutCredentials(kept);
        }
        return new Outgoing(target, becomesGet ? "GET" : method, kept, becomesGet ? null : body);
    }
}

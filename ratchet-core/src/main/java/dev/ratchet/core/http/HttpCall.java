package dev.ratchet.core.http;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request as its author wrote it. Arrays are not copied: whoever hands one over gives it up.
 *
 * @param method upper-case token
 * @param url absolute URL in serialised WHATWG form
 * @param headers in order
 * @param body null when there is none
 * @param redirect what to do about 3xx answers
 */
@SuppressWarnings("ArrayRecordComponent") // bodies are large and owned by one party at a time
public record HttpCall(
        String method, String url, List<HttpHeader> headers, byte @Nullable [] body, RedirectMode redirect) {
    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    /** Redirect modes of the Fetch standard. */
    public enum RedirectMode {
        FOLLOW,
        ERROR,
        MANUAL;

        /** The Fetch standard's name. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    // Not in the compact form: its parameters lose the annotation of the body in the class file.
    public HttpCall(
            String method, String url, List<HttpHeader> headers, byte @Nullable [] body, RedirectMode redirect) {
        this.method = Objects.requireNonNull(method, "method");
        this.url = Objects.requireNonNull(url, "url");
        this.headers = List.copyOf(headers);
        this.body = body;
        this.redirect = Objects.requireNonNull(redirect, "redirect");
    }

    /** Whether the method is safe in the sense of RFC 9110, section 9.2.1: sending it has no effect to account for. */
    public boolean isSafe() {
        return SAFE_METHODS.contains(method);
    }
}

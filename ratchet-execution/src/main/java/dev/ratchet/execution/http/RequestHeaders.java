package dev.ratchet.execution.http;

import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Header fields on their way out and in.
 *
 * <p>Dropped from requests, because they belong to the connection or to this side: {@code Accept-Encoding},
 * {@code Connection}, {@code Content-Length}, {@code Expect}, {@code Host}, {@code HTTP2-Settings}, {@code Keep-Alive},
 * {@code TE}, {@code Trailer}, {@code Transfer-Encoding}, {@code Upgrade}, {@code Via} and everything that begins with
 * {@code Proxy-}. The other names the Fetch standard forbids ({@code Cookie}, {@code Origin}, {@code Referer},
 * {@code Date} and so on) protect a browser's user and are sent as given.
 */
final class RequestHeaders {
    private static final Set<String> CONNECTION_OWN = Set.of(
            "accept-encoding",
            "connection",
            "content-length",
            "expect",
            "host",
            "http2-settings",
            "keep-alive",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "via");

    /** RFC 9110, section 7.6.1, plus what described the transfer only. */
    private static final Set<String> HOP_BY_HOP =
            Set.of("connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade");

    /** Request-body-header names of the Fetch standard. */
    private static final Set<String> BODY_HEADERS =
            Set.of("content-encoding", "content-language", "content-location", "content-type");

    private static final Set<String> CREDENTIALS = Set.of("authorization", "cookie", "cookie2", "proxy-authorization");

    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");

    private RequestHeaders() {}

    static boolean isToken(String text) {
        return TOKEN.matcher(text).matches();
    }

    /** The fields a caller may set, checked; values are without surrounding white space. */
    static List<HttpHeader> checked(List<HttpHeader> given, HttpSettings settings) throws RefusedException {
        List<HttpHeader> kept = new ArrayList<>(given.size() + 4);
        for (HttpHeader header : given) {
            if (!isToken(header.name())) {
                throw refused("a header name is not a token; accepted are letters, digits and !#$%&'*+-.^_`|~");
            }
            String value = header.value().strip();
            if (!value.chars().allMatch(RequestHeaders::mayBeInValue)) {
                throw refused("the value of header " + header.name()
                        + " has a line end, another control character or a character above U+00FF; accepted are the"
                        + " characters U+0020 to U+00FF and tab");
            }
            if (header.name().length() + value.length() + 4 > settings.maxHeaderBytes()) {
                throw refused("header " + header.name() + " has more than " + settings.maxHeaderBytes()
                        + " bytes (http.max_header_bytes)");
            }
            if (!belongsToConnection(header.name())) {
                kept.add(new HttpHeader(header.name(), value));
            }
        }
        if (kept.size() > settings.maxHeaderCount()) {
            throw refused("there are " + kept.size() + " headers; accepted are at most " + settings.maxHeaderCount()
                    + " (http.max_header_count)");
        }
        return kept;
    }

    static List<HttpHeader> withoutBodyHeaders(List<HttpHeader> headers) {
        return without(headers, BODY_HEADERS);
    }

    static List<HttpHeader> withoutCredentials(List<HttpHeader> headers) {
        return without(headers, CREDENTIALS);
    }

    /** Response fields without those of the connection and those that could not be shown as one line of text. */
    static List<HttpHeader> received(List<HttpHeader> headers) {
        List<String> named = new ArrayList<>();
        for (HttpHeader header : headers) {
            if (header.name().equalsIgnoreCase("connection")) {
                for (String name : header.value().split(",", -1)) {
                    named.add(name.strip().toLowerCase(Locale.ROOT));
                }
            }
        }
        List<HttpHeader> kept = new ArrayList<>(headers.size());
        for (HttpHeader header : headers) {
            String name = header.name().toLowerCase(Locale.ROOT);
            String value = header.value().strip();
            if (isToken(name)
                    && !HOP_BY_HOP.contains(name)
                    && !name.startsWith("proxy-")
                    && !named.contains(name)
                    && value.chars().allMatch(RequestHeaders::mayBeInValue)) {
                kept.add(new HttpHeader(header.name(), value));
            }
        }
        return kept;
    }

    private static boolean belongsToConnection(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return CONNECTION_OWN.contains(lower) || lower.startsWith("proxy-");
    }

    private static List<HttpHeader> without(List<HttpHeader> headers, Set<String> lowerNames) {
        return headers.stream()
                .filter(header -> !lowerNames.contains(header.name().toLowerCase(Locale.ROOT)))
                .toList();
    }

    private static boolean mayBeInValue(int c) {
        return c == '\t' || (c >= 0x20 && c != 0x7f && c <= 0xff);
    }

    private static RefusedException refused(String text) {
        return new RefusedException(HttpAnswer.Reason.BAD_URL, "The request cannot be sent: " + text + ".");
    }
}

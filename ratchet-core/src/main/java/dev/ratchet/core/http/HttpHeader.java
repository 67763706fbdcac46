package dev.ratchet.core.http;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** One header field; names keep the case they were given and compare without it. */
public record HttpHeader(String name, String value) {
    public HttpHeader {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
    }

    /** The value of the first field called {@code name}. */
    public static Optional<String> first(List<HttpHeader> headers, String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(HttpHeader::value)
                .findFirst();
    }
}

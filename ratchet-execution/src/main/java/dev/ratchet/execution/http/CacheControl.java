package dev.ratchet.execution.http;

import dev.ratchet.core.http.HttpHeader;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The directives of the {@code Cache-Control} fields of a message (RFC 9111, section 5.2). Unknown ones are ignored, and
 * so are arguments of {@code no-cache} and {@code private}, whose unqualified form is the stricter one.
 */
final class CacheControl {
    /** As good as forever, and safe to calculate with (RFC 9111, section 1.2.2). */
    private static final long MOST_SECONDS = 1L << 31;

    private final Map<String, String> directives;

    private CacheControl(Map<String, String> directives) {
        this.directives = directives;
    }

    static CacheControl of(List<HttpHeader> headers) {
        Map<String, String> directives = new HashMap<>();
        for (HttpHeader header : headers) {
            if (header.name().equalsIgnoreCase("Cache-Control")) {
                parse(header.value(), directives);
            }
        }
        return new CacheControl(directives);
    }

    private static void parse(String value, Map<String, String> directives) {
        int at = 0;
        while (at < value.length()) {
            int end = at;
            boolean quoted = false;
            while (end < value.length() && (quoted || value.charAt(end) != ',')) {
                if (value.charAt(end) == '"') {
                    quoted = !quoted;
                } else if (quoted && value.charAt(end) == '\\') {
                    end++;
                }
                end++;
            }
            directive(value.substring(at, Math.min(end, value.length())).strip(), directives);
            at = end + 1;
        }
    }

    private static void directive(String text, Map<String, String> directives) {
        int equals = text.indexOf('=');
        String name = (equals < 0 ? text : text.substring(0, equals)).strip().toLowerCase(Locale.ROOT);
        String argument = equals < 0 ? "" : text.substring(equals + 1).strip();
        if (argument.length() >= 2 && argument.startsWith("\"") && argument.endsWith("\"")) {
            argument = argument.substring(1, argument.length() - 1);
        }
        String earlier = directives.putIfAbsent(name, argument);
        if (earlier != null && !earlier.equals(argument)) {
            directives.put(name, "?"); // contradicts itself, so it is understood as the strictest
        }
    }

    boolean has(String directive) {
        return directives.containsKey(directive);
    }

    /** The seconds of a directive: empty when it is absent, 0 when they are not understood. */
    OptionalLong seconds(String directive) {
        String argument = directives.get(directive);
        return argument == null ? OptionalLong.empty() : OptionalLong.of(seconds(argument, 0));
    }

    /** The seconds of {@code max-stale}, which stands for any number without an argument. */
    OptionalLong maxStale() {
        @Nullable String argument = directives.get("max-stale");
        if (argument == null) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(argument.isEmpty() ? MOST_SECONDS : seconds(argument, 0));
    }

    /** Delta-seconds; {@code otherwise} when the text is none. */
    static long seconds(String text, long otherwise) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return otherwise;
        }
        return text.length() > 10 ? MOST_SECONDS : Math.min(MOST_SECONDS, Long.parseLong(text));
    }
}

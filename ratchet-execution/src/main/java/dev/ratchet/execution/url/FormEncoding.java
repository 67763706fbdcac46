package dev.ratchet.execution.url;

import java.util.ArrayList;
import java.util.List;

/**
 * {@code application/x-www-form-urlencoded} as the <a
 * href="https://url.spec.whatwg.org/#application/x-www-form-urlencoded">URL Standard</a> reads and writes it.
 */
public final class FormEncoding {

    private FormEncoding() {}

    /**
     * Reads pairs; nothing is an error.
     *
     * @return names and values in turn, so of even length
     */
    public static List<String> parse(String text) {
        var result = new ArrayList<String>();
        int start = 0;
        while (start <= text.length()) {
            int end = text.indexOf('&', start);
            if (end < 0) {
                end = text.length();
            }
            if (end > start) {
                int equals = text.indexOf('=', start);
                boolean valued = equals >= 0 && equals < end;
                result.add(decode(text.substring(start, valued ? equals : end)));
                result.add(valued ? decode(text.substring(equals + 1, end)) : "");
            }
            start = end + 1;
        }
        return result;
    }

    /**
     * Writes pairs.
     *
     * @param pairs names and values in turn
     */
    public static String serialize(List<String> pairs) {
        var out = new StringBuilder();
        for (int i = 0; i + 1 < pairs.size(); i += 2) {
            if (i > 0) {
                out.append('&');
            }
            encode(pairs.get(i), out);
            out.append('=');
            encode(pairs.get(i + 1), out);
        }
        return out.toString();
    }

    private static String decode(String text) {
        return PercentEncoding.decode(text.replace('+', ' '));
    }

    private static void encode(String text, StringBuilder out) {
        text.codePoints().forEach(c -> {
            if (c == ' ') {
                out.append('+');
            } else {
                PercentEncoding.FORM.append(c, out);
            }
        });
    }
}

package dev.ratchet.execution.testing;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Which URLs a mock answers. Matching takes time linear in the URL. */
public sealed interface UrlPattern {
    /** What {@link #parse} accepts, for problems. */
    String ACCEPTED = "an http(s) URL, a URL with * for any characters, or a regular expression between slashes";

    /** Whether {@code url}, in serialised WHATWG form, is meant. */
    boolean matches(String url);

    /** The pattern as its author wrote it. */
    String text();

    /** Exactly this URL, whatever the order of its query parameters. */
    record Exact(String text, String canonical) implements UrlPattern {
        @Override
        public boolean matches(String url) {
            return canonical.equals(canonicalForm(url));
        }
    }

    /** Any URL that fits, each {@code *} standing for any characters, none included. */
    record Glob(String text) implements UrlPattern {
        @Override
        public boolean matches(String url) {
            return globMatches(text, url);
        }
    }

    /** Any URL in which the regular expression (RE2 syntax) is found. */
    record Regex(String text, Pattern pattern) implements UrlPattern {
        @Override
        public boolean matches(String url) {
            return pattern.matcher(url).find();
        }
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException when it is none of the forms; the message says why
     */
    static UrlPattern parse(String text) {
        if (text.length() > 2 && text.startsWith("/") && text.endsWith("/")) {
            try {
                return new Regex(text, Pattern.compile(text.substring(1, text.length() - 1)));
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException("not a regular expression in RE2 syntax: " + e.getMessage(), e);
            }
        }
        if (text.contains("*")) {
            return new Glob(text);
        }
        if (!text.regionMatches(true, 0, "http://", 0, 7) && !text.regionMatches(true, 0, "https://", 0, 8)) {
            throw new IllegalArgumentException("'" + text + "' matches nothing; accepted: " + ACCEPTED);
        }
        return new Exact(text, canonicalForm(text));
    }

    /** Whether {@code text} fits {@code glob} as a whole; each {@code *} stands for any characters. */
    static boolean globMatches(String glob, String text) {
        int g = 0;
        int t = 0;
        int star = -1;
        int resume = 0;
        while (t < text.length()) {
            if (g < glob.length() && glob.charAt(g) == '*') {
                star = g++;
                resume = t;
            } else if (g < glob.length() && glob.charAt(g) == text.charAt(t)) {
                g++;
                t++;
            } else if (star >= 0) {
                g = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (g < glob.length() && glob.charAt(g) == '*') {
            g++;
        }
        return g == glob.length();
    }

    private static String canonicalForm(String url) {
        String rest = url;
        int fragment = rest.indexOf('#');
        rest = fragment < 0 ? rest : rest.substring(0, fragment);
        int question = rest.indexOf('?');
        List<String> parameters = new ArrayList<>();
        if (question >= 0) {
            for (String parameter : rest.substring(question + 1).split("&", -1)) {
                parameters.add(decoded(parameter));
            }
            parameters.sort(null);
            rest = rest.substring(0, question);
        }
        int host = rest.indexOf("://") + 3;
        int path = rest.indexOf('/', host);
        String origin = (path < 0 ? rest : rest.substring(0, path)).toLowerCase(Locale.ROOT);
        if (origin.startsWith("http://") && origin.endsWith(":80")) {
            origin = origin.substring(0, origin.length() - 3);
        } else if (origin.startsWith("https://") && origin.endsWith(":443")) {
            origin = origin.substring(0, origin.length() - 4);
        }
        return origin + (path < 0 ? "/" : encoded(rest.substring(path))) + "?" + String.join("&", parameters);
    }

    private static String decoded(String parameter) {
        try {
            return URLDecoder.decode(parameter, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            // A stray percent sign is allowed in a URL and compared as it stands.
            return parameter;
        }
    }

    /** The path as a URL parser serialises it where its author wrote spaces or letters outside ASCII. */
    private static String encoded(String path) {
        StringBuilder encoded = new StringBuilder(path.length());
        path.codePoints().forEach(c -> {
            if (c > ' ' && c < 0x7F) {
                encoded.appendCodePoint(c);
            } else {
                encoded.append(URLEncoder.encode(Character.toString(c), StandardCharsets.UTF_8)
                        .replace("+", "%20"));
            }
        });
        return encoded.toString();
    }
}

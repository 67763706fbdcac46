package dev.ratchet.execution.http;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An absolute {@code http} or {@code https} URL without fragment and credentials.
 *
 * <p>{@link #parse} reads only the serialised form of the WHATWG URL standard and refuses what two parsers could read
 * differently: where the task's side and this side disagree about the host, a check of the host is worth nothing.
 * {@link #resolve} applies a {@code Location} header the way the standard's parser does, and ends in the same form.
 *
 * @param scheme {@code http} or {@code https}
 * @param host lower-case ASCII name, or an address in canonical text; IPv6 without brackets
 * @param literal the address when {@code host} is one, otherwise null
 * @param port 1 to 65535, the scheme's own where the URL has none
 * @param path starts with a slash
 * @param query without question mark; null when absent
 */
record HttpUrl(
        String scheme,
        String host,
        @Nullable InetAddress literal,
        int port,
        String path,
        @Nullable String query) {
    private static final int MAX_LENGTH = 32 * 1024;
    private static final int MAX_SHOWN_PATH = 200;
    private static final Pattern SERIALISED =
            Pattern.compile("(https?)://([^/?#\\\\]*)((?:/[^?#\\\\]*)?)(?:\\?([^#]*))?(?:#.*)?");
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(.*)", Pattern.DOTALL);
    private static final Pattern HOST_PORT = Pattern.compile("(\\[[^\\]]*\\]|[^:]*)(?::([0-9]*))?");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?|[a-z0-9_]");
    private static final Pattern NUMERIC = Pattern.compile("[0-9]+|0x[0-9a-f]*");

    /** Port blocking, Fetch standard, section 2.11. */
    private static final Set<Integer> BAD_PORTS = Set.of(
            0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
            109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
            526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
            3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080);

    /** A URL that cannot be requested; the message completes a sentence that names it and never quotes it. */
    static final class InvalidUrlException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidUrlException(String message) {
            super(message, null, false, false);
        }

        String text() {
            return String.valueOf(getMessage());
        }
    }

    /** Reads a URL in serialised form. */
    static HttpUrl parse(String text) throws InvalidUrlException {
        if (text.length() > MAX_LENGTH) {
            throw new InvalidUrlException("is longer than " + MAX_LENGTH + " characters");
        }
        if (!text.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw new InvalidUrlException(
                    "has characters outside printable ASCII; accepted is a URL as `new URL(...).href` writes it");
        }
        Matcher matcher = SERIALISED.matcher(text);
        if (!matcher.matches()) {
            throw new InvalidUrlException("is not an absolute http:// or https:// URL");
        }
        String authority = matcher.group(2);
        if (authority.indexOf('@') >= 0) {
            throw new InvalidUrlException(
                    "carries credentials; accepted is a URL without them and an" + " Authorization header");
        }
        String path = matcher.group(3);
        return build(matcher.group(1), authority, path.isEmpty() ? "/" : path, matcher.group(4), true);
    }

    /** Applies a {@code Location} header to this URL; credentials and fragment in it are left out. */
    HttpUrl resolve(String location) throws InvalidUrlException {
        if (location.length() > MAX_LENGTH) {
            throw new InvalidUrlException("is longer than " + MAX_LENGTH + " characters");
        }
        String rest = trimmed(location);
        int fragment = rest.indexOf('#');
        if (fragment >= 0) {
            rest = rest.substring(0, fragment);
        }
        String newScheme = scheme;
        boolean hasAuthority = false;
        Matcher withScheme = SCHEME.matcher(rest);
        if (withScheme.matches()) {
            newScheme = withScheme.group(1).toLowerCase(Locale.ROOT);
            if (!newScheme.equals("http") && !newScheme.equals("https")) {
                throw new InvalidUrlException("is not an http:// or https:// URL");
            }
            rest = withScheme.group(2);
            // Without two slashes and below the same scheme, "https:path" is a path.
            hasAuthority = !newScheme.equals(scheme);
        }
        int question = rest.indexOf('?');
        String before = (question < 0 ? rest : rest.substring(0, question)).replace('\\', '/');
        String newQuery = question < 0 ? null : encode(rest.substring(question + 1), "\"#<>'");
        if (hasAuthority || before.startsWith("//")) {
            String afterSlashes = before.replaceFirst("^/+", "");
            int slash = afterSlashes.indexOf('/');
            String authority = slash < 0 ? afterSlashes : afterSlashes.substring(0, slash);
            String host = authority.substring(authority.lastIndexOf('@') + 1);
            return build(newScheme, host, normalised(slash < 0 ? "/" : afterSlashes.substring(slash)), newQuery, false);
        }
        if (before.isEmpty()) {
            return new HttpUrl(scheme, host, literal, port, path, question < 0 ? query : newQuery);
        }
        String newPath = before.startsWith("/")
                ? before
                : path.substring(0, path.lastIndexOf('/') + 1).concat(before);
        return new HttpUrl(scheme, host, literal, port, normalised(newPath), newQuery);
    }

    /** Whether both have scheme, host and port in common. */
    boolean sameOrigin(HttpUrl other) {
        return scheme.equals(other.scheme) && host.equals(other.host) && port == other.port;
    }

    boolean isSecure() {
        return scheme.equals("https");
    }

    /** Serialised form. */
    String text() {
        return scheme + "://" + authority() + target();
    }

    /** Host and, unless it is the scheme's own, port, as in a {@code Host} header. */
    String authority() {
        String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return port == defaultPort(scheme) ? shown : shown + ":" + port;
    }

    /** Path and query, as in a request line. */
    String target() {
        return query == null ? path : path + "?" + query;
    }

    /** For messages: without query, which may hold a secret. */
    String shown() {
        return scheme + "://" + authority()
                + (path.length() > MAX_SHOWN_PATH ? path.substring(0, MAX_SHOWN_PATH) + "…" : path);
    }

    private static int defaultPort(String scheme) {
        return scheme.equals("https") ? 443 : 80;
    }

    /** @param strict whether every part must be in serialised form already */
    private static HttpUrl build(String scheme, String authority, String path, @Nullable String query, boolean strict)
            throws InvalidUrlException {
        Matcher matcher = HOST_PORT.matcher(authority);
        if (!matcher.matches()) {
            throw new InvalidUrlException("has no valid host and port");
        }
        int port = port(scheme, matcher.group(2), strict);
        String host = strict ? matcher.group(1) : decodedHost(matcher.group(1)).toLowerCase(Locale.ROOT);
        HttpUrl url = withHost(scheme, host, port, path, query, strict);
        if (strict) {
            requireSameReading(url, scheme + "://" + authority + "/");
        }
        return url;
    }

    private static HttpUrl withHost(
            String scheme, String host, int port, String path, @Nullable String query, boolean strict)
            throws InvalidUrlException {
        if (host.startsWith("[")) {
            String inner = host.substring(1, host.length() - 1);
            InetAddress address =
                    IpText.ipv6(inner).orElseThrow(() -> new InvalidUrlException("has an invalid IPv6 address"));
            String canonical = IpText.formatAsIpv6(address);
            if (strict && !inner.equals(canonical)) {
                throw new InvalidUrlException(
                        "has an IPv6 address in another than its canonical form [" + canonical + "]");
            }
            return new HttpUrl(scheme, canonical, address, port, path, query);
        }
        if (host.isEmpty()) {
            throw new InvalidUrlException("has no host");
        }
        Optional<InetAddress> ipv4 = IpText.ipv4(host);
        if (ipv4.isPresent()) {
            return new HttpUrl(scheme, host, ipv4.get(), port, path, query);
        }
        String[] labels = host.split("\\.", -1);
        if (NUMERIC.matcher(labels[labels.length - 1]).matches()) {
            throw new InvalidUrlException(
                    "has a numeric host; accepted is an IPv4 address as four decimal numbers," + " such as 192.0.2.1");
        }
        if (host.length() > 253
                || !Arrays.stream(labels).allMatch(label -> LABEL.matcher(label).matches())) {
            throw new InvalidUrlException("has an invalid host name; accepted are lower-case ASCII letters, digits,"
                    + " '-' and '_' in labels of at most 63 characters parted by single dots (international names in"
                    + " their xn-- form)");
        }
        return new HttpUrl(scheme, host, null, port, path, query);
    }

    private static int port(String scheme, @Nullable String digits, boolean strict) throws InvalidUrlException {
        if (digits == null || (digits.isEmpty() && !strict)) {
            return defaultPort(scheme);
        }
        String significant = strict ? digits : digits.replaceFirst("^0+(?=.)", "");
        if (significant.isEmpty() || significant.length() > 5 || (strict && significant.matches("0.+"))) {
            throw new InvalidUrlException("has an invalid port");
        }
        int port = Integer.parseInt(significant);
        if (port > 65_535) {
            throw new InvalidUrlException("has an invalid port");
        }
        if (BAD_PORTS.contains(port)) {
            throw new InvalidUrlException(
                    "uses port " + port + ", which the Fetch standard blocks because it belongs to another protocol");
        }
        return port;
    }

    /** The platform's own parser must see the same host and port; it sees no host at all in names with '_'. */
    private static void requireSameReading(HttpUrl url, String text) throws InvalidUrlException {
        URI second;
        try {
            second = new URI(text);
        } catch (URISyntaxException e) {
            throw new InvalidUrlException("has an ambiguous host");
        }
        String expected = url.host.indexOf(':') >= 0 ? "[" + url.host + "]" : url.host;
        boolean sameHost = second.getHost() == null
                ? url.host.indexOf('_') >= 0 && second.getRawUserInfo() == null
                : second.getHost().equals(expected)
                        && (second.getPort() < 0 ? defaultPort(url.scheme) : second.getPort()) == url.port;
        if (!sameHost) {
            throw new InvalidUrlException("has an ambiguous host");
        }
    }

    /** Without the characters the standard drops: C0 and space at the ends, tabs and line ends anywhere. */
    private static String trimmed(String location) {
        int start = 0;
        int end = location.length();
        while (start < end && location.charAt(start) <= ' ') {
            start++;
        }
        while (end > start && location.charAt(end - 1) <= ' ') {
            end--;
        }
        return location.substring(start, end).replaceAll("[\t\r\n]", "");
    }

    /** Path with dot segments removed and percent-encoded as needed. */
    private static String normalised(String path) {
        String[] segments = path.substring(1).split("/", -1);
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            switch (segments[i].toLowerCase(Locale.ROOT).replace("%2e", ".")) {
                case ".." -> {
                    if (!kept.isEmpty()) {
                        kept.removeLast();
                    }
                    if (last) {
                        kept.add("");
                    }
                }
                case "." -> {
                    if (last) {
                        kept.add("");
                    }
                }
                default -> kept.add(encode(segments[i], "\"#<>?^`{}"));
            }
        }
        return "/" + String.join("/", kept);
    }

    /** Percent-encodes controls, space, bytes above ASCII and {@code more}; each character is one byte as received. */
    private static String encode(String text, String more) {
        StringBuilder encoded = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || more.indexOf(c) >= 0) {
                encoded.append('%').append(String.format(Locale.ROOT, "%02X", (int) c & 0xff));
            } else {
                encoded.append(c);
            }
        }
        return encoded.toString();
    }

    private static String decodedHost(String host) throws InvalidUrlException {
        if (host.startsWith("[")) {
            return host;
        }
        StringBuilder decoded = new StringBuilder(host.length());
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c == '%') {
                int value = i + 2 < host.length() ? hex(host.charAt(i + 1), host.charAt(i + 2)) : -1;
                if (value < 0) {
                    throw new InvalidUrlException("has an invalid host name");
                }
                c = (char) value;
                i += 2;
            }
            if (c >= 0x7f) {
                throw new InvalidUrlException("has a host name outside ASCII; accepted is its xn-- form");
            }
            decoded.append(c);
        }
        return decoded.toString();
    }

    private static int hex(char high, char low) {
        int first = Character.digit(high, 16);
        int second = Character.digit(low, 16);
        return first < 0 || second < 0 ? -1 : first << 4 | second;
    }
}

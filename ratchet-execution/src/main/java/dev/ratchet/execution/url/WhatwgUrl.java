package dev.ratchet.execution.url;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A URL record of the <a href="https://url.spec.whatwg.org/">URL Standard</a>: what {@code new URL()} means in every
 * browser. Input is never refused for its length here; callers bound it.
 *
 * <pre>{@code
 * WhatwgUrl url = WhatwgUrl.parse("HTTP://Example.com:80/a/../b?q#f").orElseThrow();
 * url.href(); // http://example.com/b?q#f
 * }</pre>
 *
 * <p>Getters and setters are those of the JavaScript class, so for instance {@link #protocol} ends in a colon and a
 * setter ignores what it cannot accept. Not safe for several threads.
 */
public final class WhatwgUrl {

    /** Where the basic URL parser is; also what a setter asks it to parse. */
    enum State {
        SCHEME_START,
        SCHEME,
        NO_SCHEME,
        SPECIAL_RELATIVE_OR_AUTHORITY,
        PATH_OR_AUTHORITY,
        RELATIVE,
        RELATIVE_SLASH,
        SPECIAL_AUTHORITY_SLASHES,
        SPECIAL_AUTHORITY_IGNORE_SLASHES,
        AUTHORITY,
        HOST,
        HOSTNAME,
        PORT,
        FILE,
        FILE_SLASH,
        FILE_HOST,
        PATH_START,
        PATH,
        OPAQUE_PATH,
        QUERY,
        FRAGMENT
    }

    private static final String OPAQUE_ORIGIN = "null";
    private static final int NO_PORT = -1;
    private static final int EOF = -1;

    private String scheme = "";
    private String username = "";
    private String password = "";
    private @Nullable String host;
    private int port = NO_PORT;
    private List<String> path = new ArrayList<>();
    private @Nullable String opaquePath;
    private @Nullable String query;
    private @Nullable String fragment;

    private WhatwgUrl() {}

    /** Parses an absolute URL. */
    public static Optional<WhatwgUrl> parse(String input) {
        return parse(input, null);
    }

    /**
     * Parses a URL that may be relative.
     *
     * @param base what it is relative to; null if it has to be absolute
     */
    public static Optional<WhatwgUrl> parse(String input, @Nullable WhatwgUrl base) {
        var url = new WhatwgUrl();
        return url.run(trimControls(input), base, null) == Result.FAILURE ? Optional.empty() : Optional.of(url);
    }

    // ---- getters

    /** The serialised URL. */
    public String href() {
        var out = new StringBuilder();
        appendWithoutFragment(out);
        if (fragment != null) {
            out.append('#').append(fragment);
        }
        return out.toString();
    }

    private void appendWithoutFragment(StringBuilder out) {
        out.append(scheme).append(':');
        if (host != null) {
            out.append("//");
            if (!username.isEmpty() || !password.isEmpty()) {
                out.append(username);
                if (!password.isEmpty()) {
                    out.append(':').append(password);
                }
                out.append('@');
            }
            out.append(host());
        } else if (opaquePath == null && path.size() > 1 && path.getFirst().isEmpty()) {
            // Without this, a path of //x would come back as a host.
            out.append("/.");
        }
        out.append(pathname());
        if (query != null) {
            out.append('?').append(query);
        }
    }

    /** The serialised origin, {@code null} as text for schemes that have none. */
    public String origin() {
        return switch (scheme) {
            case "http", "https", "ws", "wss", "ftp" -> scheme + "://" + host();
            case "blob" -> blobOrigin();
            default -> OPAQUE_ORIGIN;
        };
    }

    private String blobOrigin() {
        if (opaquePath == null) {
            return OPAQUE_ORIGIN;
        }
        return parse(opaquePath)
                .filter(inner -> inner.scheme.equals("http") || inner.scheme.equals("https"))
                .map(WhatwgUrl::origin)
                .orElse(OPAQUE_ORIGIN);
    }

    /** The scheme with its colon. */
    public String protocol() {
        return scheme + ":";
    }

    /** The user name, percent-encoded, or empty. */
    public String username() {
        return username;
    }

    /** The password, percent-encoded, or empty. */
    public String password() {
        return password;
    }

    /** Host name and, unless it is the scheme's default, port; empty if there is no host. */
    public String host() {
        if (host == null) {
            return "";
        }
        return port == NO_PORT ? host : host + ":" + port;
    }

    /** The serialised host, IPv6 addresses in brackets; empty if there is none. */
    public String hostname() {
        return host == null ? "" : host;
    }

    /** The port as digits, empty if it is the scheme's default. */
    public String port() {
        return port == NO_PORT ? "" : Integer.toString(port);
    }

    /** The port to connect to: the URL's, else its scheme's default, else -1. */
    public int effectivePort() {
        return port == NO_PORT ? defaultPort(scheme) : port;
    }

    /** The path, percent-encoded. */
    public String pathname() {
        if (opaquePath != null) {
            return opaquePath;
        }
        var out = new StringBuilder();
        for (var segment : path) {
            out.append('/').append(segment);
        }
        return out.toString();
    }

    /** The query with its question mark; empty if it is absent or empty. */
    public String search() {
        return query == null || query.isEmpty() ? "" : "?" + query;
    }

    /** The query without its question mark; empty if absent. */
    public String query() {
        return query == null ? "" : query;
    }

    /** The fragment with its number sign; empty if it is absent or empty. */
    public String hash() {
        return fragment == null || fragment.isEmpty() ? "" : "#" + fragment;
    }

    @Override
    public String toString() {
        return href();
    }

    // ---- setters

    /**
     * Replaces the whole URL.
     *
     * @return false, and nothing has changed, if the value is not a valid absolute URL
     */
    public boolean setHref(String value) {
        var parsed = parse(value);
        if (parsed.isEmpty()) {
            return false;
        }
        var other = parsed.get();
        scheme = other.scheme;
        username = other.username;
        password = other.password;
        host = other.host;
        port = other.port;
        path = other.path;
        opaquePath = other.opaquePath;
        query = other.query;
        fragment = other.fragment;
        return true;
    }

    /** Sets the scheme. */
    public void setProtocol(String value) {
        run(value + ":", null, State.SCHEME_START);
    }

    /** Sets the user name. */
    public void setUsername(String value) {
        if (cannotHaveCredentials()) {
            return;
        }
        username = PercentEncoding.USERINFO.encode(value);
    }

    /** Sets the password. */
    public void setPassword(String value) {
        if (cannotHaveCredentials()) {
            return;
        }
        password = PercentEncoding.USERINFO.encode(value);
    }

    /** Sets host name and port. */
    public void setHost(String value) {
        if (opaquePath == null) {
            run(value, null, State.HOST);
        }
    }

    /** Sets the host name. */
    public void setHostname(String value) {
        if (opaquePath == null) {
            run(value, null, State.HOSTNAME);
        }
    }

    /** Sets the port; empty means the scheme's default. */
    public void setPort(String value) {
        if (cannotHaveCredentials()) {
            return;
        }
        if (value.isEmpty()) {
            port = NO_PORT;
        } else {
            run(value, null, State.PORT);
        }
    }

    /** Sets the path. */
    public void setPathname(String value) {
        if (opaquePath == null) {
            path = new ArrayList<>();
            run(value, null, State.PATH_START);
        }
    }

    /** Sets the query, with or without its question mark; empty removes it. */
    public void setSearch(String value) {
        if (value.isEmpty()) {
            query = null;
            return;
        }
        query = "";
        run(value.startsWith("?") ? value.substring(1) : value, null, State.QUERY);
    }

    /** Sets the query to text that is encoded already, as {@link FormEncoding#serialize} gives it; empty removes it. */
    public void setQuery(String value) {
        query = value.isEmpty() ? null : value;
    }

    /** Sets the fragment, with or without its number sign; empty removes it. */
    public void setHash(String value) {
        if (value.isEmpty()) {
            fragment = null;
            return;
        }
        fragment = "";
        run(value.startsWith("#") ? value.substring(1) : value, null, State.FRAGMENT);
    }

    private boolean cannotHaveCredentials() {
        return host == null || host.isEmpty() || scheme.equals("file");
    }

    // ---- the basic URL parser

    private enum Result {
        DONE,
        FAILURE
    }

    private static String trimControls(String input) {
        int start = 0;
        int end = input.length();
        while (start < end && input.charAt(start) <= 0x20) {
            start++;
        }
        while (end > start && input.charAt(end - 1) <= 0x20) {
            end--;
        }
        return input.substring(start, end);
    }

    private static int[] codePoints(String input) {
        return input.codePoints()
                .filter(c -> c != '\t' && c != '\n' && c != '\r')
                .toArray();
    }

    /**
     * The state machine of the Standard, state by state.
     *
     * @param override the state a setter starts in and is confined to; null to parse a whole URL
     */
    private Result run(String text, @Nullable WhatwgUrl base, @Nullable State override) {
        int[] input = codePoints(text);
        var state = override == null ? State.SCHEME_START : override;
        var buffer = new StringBuilder();
        boolean atSignSeen = false;
        boolean insideBrackets = false;
        boolean passwordTokenSeen = false;
        var user = new StringBuilder();
        var secret = new StringBuilder();

        for (int p = 0; p <= input.length; p++) {
            int c = p < input.length ? input[p] : EOF;
            switch (state) {
                case SCHEME_START -> {
                    if (isAsciiAlpha(c)) {
                        buffer.append((char) Character.toLowerCase(c));
                        state = State.SCHEME;
                    } else if (override == null) {
                        state = State.NO_SCHEME;
                        p--;
                    } else {
                        return Result.FAILURE;
                    }
                }
                case SCHEME -> {
                    if (isAsciiAlpha(c) || isDigit(c) || c == '+' || c == '-' || c == '.') {
                        buffer.append((char) Character.toLowerCase(c));
                    } else if (c == ':') {
                        if (override != null) {
                            overrideScheme(buffer.toString());
                            return Result.DONE;
                        }
                        scheme = buffer.toString();
                        buffer.setLength(0);
                        if (scheme.equals("file")) {
                            state = State.FILE;
                        } else if (isSpecial() && base != null && base.scheme.equals(scheme)) {
                            state = State.SPECIAL_RELATIVE_OR_AUTHORITY;
                        } else if (isSpecial()) {
                            state = State.SPECIAL_AUTHORITY_SLASHES;
                        } else if (at(input, p + 1) == '/') {
                            state = State.PATH_OR_AUTHORITY;
                            p++;
                        } else {
                            opaquePath = "";
                            state = State.OPAQUE_PATH;
                        }
                    } else if (override == null) {
                        buffer.setLength(0);
                        state = State.NO_SCHEME;
                        p = -1;
                    } else {
                        return Result.FAILURE;
                    }
                }
                case NO_SCHEME -> {
                    if (base == null || (base.opaquePath != null && c != '#')) {
                        return Result.FAILURE;
                    }
                    if (base.opaquePath != null) {
                        scheme = base.scheme;
                        opaquePath = base.opaquePath;
                        query = base.query;
                        fragment = "";
                        state = State.FRAGMENT;
                    } else if (!base.scheme.equals("file")) {
                        state = State.RELATIVE;
                        p--;
                    } else {
                        state = State.FILE;
                        p--;
                    }
                }
                case SPECIAL_RELATIVE_OR_AUTHORITY -> {
                    if (c == '/' && at(input, p + 1) == '/') {
                        state = State.SPECIAL_AUTHORITY_IGNORE_SLASHES;
                        p++;
                    } else {
                        state = State.RELATIVE;
                        p--;
                    }
                }
                case PATH_OR_AUTHORITY -> {
                    if (c == '/') {
                        state = State.AUTHORITY;
                    } else {
                        state = State.PATH;
                        p--;
                    }
                }
                case RELATIVE -> {
                    Objects.requireNonNull(base, "base");
                    scheme = base.scheme;
                    if (c == '/') {
                        state = State.RELATIVE_SLASH;
                    } else if (isSpecial() && c == '\\') {
                        state = State.RELATIVE_SLASH;
                    } else {
                        copyAuthority(base);
                        path = new ArrayList<>(base.path);
                        query = base.query;
                        if (c == '?') {
                            query = "";
                            state = State.QUERY;
                        } else if (c == '#') {
                            fragment = "";
                            state = State.FRAGMENT;
                        } else if (c != EOF) {
                            query = null;
                            shortenPath();
                            state = State.PATH;
                            p--;
                        }
                    }
                }
                case RELATIVE_SLASH -> {
                    if (isSpecial() && (c == '/' || c == '\\')) {
                        state = State.SPECIAL_AUTHORITY_IGNORE_SLASHES;
                    } else if (c == '/') {
                        state = State.AUTHORITY;
                    } else {
                        copyAuthority(Objects.requireNonNull(base, "base"));
                        state = State.PATH;
                        p--;
                    }
                }
                case SPECIAL_AUTHORITY_SLASHES -> {
                    state = State.SPECIAL_AUTHORITY_IGNORE_SLASHES;
                    if (c == '/' && at(input, p + 1) == '/') {
                        p++;
                    } else {
                        p--;
                    }
                }
                case SPECIAL_AUTHORITY_IGNORE_SLASHES -> {
                    if (c != '/' && c != '\\') {
                        state = State.AUTHORITY;
                        p--;
                    }
                }
                case AUTHORITY -> {
                    if (c == '@') {
                        if (atSignSeen) {
                            buffer.insert(0, "%40");
                        }
                        atSignSeen = true;
                        passwordTokenSeen = takeCredentials(buffer, passwordTokenSeen, user, secret);
                        buffer.setLength(0);
                    } else if (endsAuthority(c)) {
                        if (atSignSeen && buffer.isEmpty()) {
                            return Result.FAILURE;
                        }
                        username = user.toString();
                        password = secret.toString();
                        p -= buffer.codePointCount(0, buffer.length()) + 1;
                        buffer.setLength(0);
                        state = State.HOST;
                    } else {
                        buffer.appendCodePoint(c);
                    }
                }
                case HOST, HOSTNAME -> {
                    if (override != null && scheme.equals("file")) {
                        p--;
                        state = State.FILE_HOST;
                    } else if (c == ':' && !insideBrackets) {
                        if (buffer.isEmpty() || override == State.HOSTNAME) {
                            return Result.FAILURE;
                        }
                        String parsed = HostParser.parse(buffer.toString(), isSpecial());
                        if (parsed == null) {
                            return Result.FAILURE;
                        }
                        host = parsed;
                        buffer.setLength(0);
                        state = State.PORT;
                    } else if (endsAuthority(c)) {
                        p--;
                        if (isSpecial() && buffer.isEmpty()) {
                            return Result.FAILURE;
                        }
                        if (override != null
                                && buffer.isEmpty()
                                && (!username.isEmpty() || !password.isEmpty() || port != NO_PORT)) {
                            return Result.FAILURE;
                        }
                        String parsed = HostParser.parse(buffer.toString(), isSpecial());
                        if (parsed == null) {
                            return Result.FAILURE;
                        }
                        host = parsed;
                        buffer.setLength(0);
                        state = State.PATH_START;
                        if (override != null) {
                            return Result.DONE;
                        }
                    } else {
                        if (c == '[') {
                            insideBrackets = true;
                        } else if (c == ']') {
                            insideBrackets = false;
                        }
                        buffer.appendCodePoint(c);
                    }
                }
                case PORT -> {
                    if (isDigit(c)) {
                        buffer.append((char) c);
                    } else if (endsAuthority(c) || override != null) {
                        if (!buffer.isEmpty()) {
                            int number = portNumber(buffer);
                            if (number < 0) {
                                return Result.FAILURE;
                            }
                            port = number == defaultPort(scheme) ? NO_PORT : number;
                            buffer.setLength(0);
                            if (override != null) {
                                return Result.DONE;
                            }
                        }
                        if (override != null) {
                            return Result.FAILURE;
                        }
                        state = State.PATH_START;
                        p--;
                    } else {
                        return Result.FAILURE;
                    }
                }
                case FILE -> {
                    scheme = "file";
                    host = "";
                    if (c == '/' || c == '\\') {
                        state = State.FILE_SLASH;
                    } else if (base != null && base.scheme.equals("file")) {
                        host = base.host;
                        path = new ArrayList<>(base.path);
                        query = base.query;
                        if (c == '?') {
                            query = "";
                            state = State.QUERY;
                        } else if (c == '#') {
                            fragment = "";
                            state = State.FRAGMENT;
                        } else if (c != EOF) {
                            query = null;
                            if (startsWithDriveLetter(input, p)) {
                                path = new ArrayList<>();
                            } else {
                                shortenPath();
                            }
                            state = State.PATH;
                            p--;
                        }
                    } else {
                        state = State.PATH;
                        p--;
                    }
                }
                case FILE_SLASH -> {
                    if (c == '/' || c == '\\') {
                        state = State.FILE_HOST;
                    } else {
                        if (base != null && base.scheme.equals("file")) {
                            host = base.host;
                            if (!startsWithDriveLetter(input, p)
                                    && !base.path.isEmpty()
                                    && isNormalDriveLetter(base.path.getFirst())) {
                                path.add(base.path.getFirst());
                            }
                        }
                        state = State.PATH;
                        p--;
                    }
                }
                case FILE_HOST -> {
                    if (c == EOF || c == '/' || c == '\\' || c == '?' || c == '#') {
                        p--;
                        if (override == null && isDriveLetter(buffer)) {
                            state = State.PATH;
                        } else if (buffer.isEmpty()) {
                            host = "";
                            if (override != null) {
                                return Result.DONE;
                            }
                            state = State.PATH_START;
                        } else {
                            String parsed = HostParser.parse(buffer.toString(), isSpecial());
                            if (parsed == null) {
                                return Result.FAILURE;
                            }
                            host = parsed.equals("localhost") ? "" : parsed;
                            if (override != null) {
                                return Result.DONE;
                            }
                            buffer.setLength(0);
                            state = State.PATH_START;
                        }
                    } else {
                        buffer.appendCodePoint(c);
                    }
                }
                case PATH_START -> {
                    if (isSpecial()) {
                        state = State.PATH;
                        if (c != '/' && c != '\\') {
                            p--;
                        }
                    } else if (override == null && c == '?') {
                        query = "";
                        state = State.QUERY;
                    } else if (override == null && c == '#') {
                        fragment = "";
                        state = State.FRAGMENT;
                    } else if (c != EOF) {
                        state = State.PATH;
                        if (c != '/') {
                            p--;
                        }
                    } else if (override != null && host == null) {
                        path.add("");
                    }
                }
                case PATH -> {
                    boolean slash = c == '/' || (isSpecial() && c == '\\');
                    if (c == EOF || slash || (override == null && (c == '?' || c == '#'))) {
                        String segment = buffer.toString();
                        if (isDoubleDot(segment)) {
                            shortenPath();
                            if (!slash) {
                                path.add("");
                            }
                        } else if (isSingleDot(segment)) {
                            if (!slash) {
                                path.add("");
                            }
                        } else {
                            if (scheme.equals("file") && path.isEmpty() && isDriveLetter(buffer)) {
                                segment = segment.charAt(0) + ":";
                            }
                            path.add(segment);
                        }
                        buffer.setLength(0);
                        if (c == '?') {
                            query = "";
                            state = State.QUERY;
                        } else if (c == '#') {
                            fragment = "";
                            state = State.FRAGMENT;
                        }
                    } else {
                        PercentEncoding.PATH.append(c, buffer);
                    }
                }
                case OPAQUE_PATH -> {
                    if (c == '?' || c == '#' || c == EOF) {
                        opaquePath = buffer.toString();
                        buffer.setLength(0);
                        if (c == '?') {
                            query = "";
                            state = State.QUERY;
                        } else if (c == '#') {
                            fragment = "";
                            state = State.FRAGMENT;
                        }
                    } else if (c == ' ') {
                        // Only a space that would end the path needs hiding, so that serialising keeps it.
                        int next = at(input, p + 1);
                        buffer.append(next == '?' || next == '#' ? "%20" : " ");
                    } else {
                        PercentEncoding.C0_CONTROL.append(c, buffer);
                    }
                }
                case QUERY -> {
                    if (c == EOF || (override == null && c == '#')) {
                        query = query + buffer;
                        buffer.setLength(0);
                        if (c == '#') {
                            fragment = "";
                            state = State.FRAGMENT;
                        }
                    } else {
                        (isSpecial() ? PercentEncoding.SPECIAL_QUERY : PercentEncoding.QUERY).append(c, buffer);
                    }
                }
                case FRAGMENT -> {
                    if (c == EOF) {
                        fragment = fragment + buffer;
                    } else {
                        PercentEncoding.FRAGMENT.append(c, buffer);
                    }
                }
            }
        }
        return Result.DONE;
    }

    private void overrideScheme(String wanted) {
        if (isSpecial() != isSpecial(wanted)) {
            return;
        }
        boolean credentials = !username.isEmpty() || !password.isEmpty() || port != NO_PORT;
        if (wanted.equals("file") && credentials) {
            return;
        }
        if (scheme.equals("file") && (host == null || host.isEmpty())) {
            return;
        }
        scheme = wanted;
        if (port == defaultPort(scheme)) {
            port = NO_PORT;
        }
    }

    private void copyAuthority(WhatwgUrl base) {
        username = base.username;
        password = base.password;
        host = base.host;
        port = base.port;
    }

    private static boolean takeCredentials(
            StringBuilder buffer, boolean passwordTokenSeen, StringBuilder user, StringBuilder secret) {
        boolean inPassword = passwordTokenSeen;
        for (int c : buffer.codePoints().toArray()) {
            if (c == ':' && !inPassword) {
                inPassword = true;
            } else {
                PercentEncoding.USERINFO.append(c, inPassword ? secret : user);
            }
        }
        return inPassword;
    }

    private void shortenPath() {
        if (path.isEmpty() || (scheme.equals("file") && path.size() == 1 && isNormalDriveLetter(path.getFirst()))) {
            return;
        }
        path.removeLast();
    }

    private boolean endsAuthority(int c) {
        return c == EOF || c == '/' || c == '?' || c == '#' || (c == '\\' && isSpecial());
    }

    private boolean isSpecial() {
        return isSpecial(scheme);
    }

    private static boolean isSpecial(String scheme) {
        return scheme.equals("file") || defaultPort(scheme) != NO_PORT;
    }

    private static int defaultPort(String scheme) {
        return switch (scheme) {
            case "http", "ws" -> 80;
            case "https", "wss" -> 443;
            case "ftp" -> 21;
            default -> NO_PORT;
        };
    }

    /** The number, or -1 if it is above 65535. */
    private static int portNumber(CharSequence digits) {
        int number = 0;
        for (int i = 0; i < digits.length(); i++) {
            number = number * 10 + digits.charAt(i) - '0';
            if (number > 65535) {
                return -1;
            }
        }
        return number;
    }

    private static int at(int[] input, int index) {
        return index < input.length ? input[index] : EOF;
    }

    private static boolean isAsciiAlpha(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isDriveLetter(CharSequence text) {
        return text.length() == 2 && isAsciiAlpha(text.charAt(0)) && (text.charAt(1) == ':' || text.charAt(1) == '|');
    }

    private static boolean isNormalDriveLetter(String text) {
        return isDriveLetter(text) && text.charAt(1) == ':';
    }

    private static boolean startsWithDriveLetter(int[] input, int p) {
        if (input.length - p < 2 || !isAsciiAlpha(input[p]) || (input[p + 1] != ':' && input[p + 1] != '|')) {
            return false;
        }
        int next = at(input, p + 2);
        return next == EOF || next == '/' || next == '\\' || next == '?' || next == '#';
    }

    private static boolean isSingleDot(String segment) {
        return segment.equals(".") || segment.equalsIgnoreCase("%2e");
    }

    private static boolean isDoubleDot(String segment) {
        return switch (segment.toLowerCase(Locale.ROOT)) {
            case "..", ".%2e", "%2e.", "%2e%2e" -> true;
            default -> false;
        };
    }
}

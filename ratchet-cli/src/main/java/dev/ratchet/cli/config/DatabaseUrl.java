package dev.ratchet.cli.config;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The database a server keeps its state in, as {@code server.database.url} names it: {@code sqlite://FILE},
 * {@code sqlite:FILE}, {@code sqlite::memory:}, {@code postgresql://[user[:password]@]host[:port][,…]/database[?params]},
 * {@code postgres://…}, and the JDBC forms of these.
 */
public sealed interface DatabaseUrl {

    /**
     * A SQLite database.
     *
     * @param file its file; relative to the working directory unless absolute
     */
    record Sqlite(Path file) implements DatabaseUrl {
        @Override
        public String toString() {
            return "sqlite://" + file;
        }
    }

    /** A SQLite database that is gone with the process: good for a single command, refused for a server. */
    record SqliteInMemory() implements DatabaseUrl {
        @Override
        public String toString() {
            return "sqlite::memory:";
        }
    }

    /**
     * A PostgreSQL database.
     *
     * @param jdbcUrl the URL for the driver, without user and password
     * @param user the user; empty leaves it to the driver, which takes the user of the operating system
     * @param password the password; empty for none
     */
    record Postgresql(String jdbcUrl, String user, String password) implements DatabaseUrl {
        /** Leaves the password out. */
        @Override
        public String toString() {
            String login = user.isEmpty() ? "" : encoded(user) + (password.isEmpty() ? "" : ":********") + "@";
            return "postgresql://" + login + jdbcUrl.substring("jdbc:postgresql://".length());
        }
    }

    /**
     * Understands a URL.
     *
     * @throws IllegalArgumentException with what would be accepted; the message does not repeat the URL, which may
     *     contain a password
     */
    static DatabaseUrl parse(String url) {
        return Parser.parse(url);
    }

    /** What is wrong with {@code url}; empty when {@link #parse} understands it. */
    static Optional<String> fault(String url) {
        try {
            parse(url);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Takes the forms apart. */
    final class Parser {
        private static final String FORMS = "accepted: sqlite://FILE, sqlite::memory:,"
                + " postgresql://USER:PASSWORD@HOST:PORT/DATABASE?PARAMETERS, or their JDBC forms";

        private static final Pattern POSTGRESQL =
                Pattern.compile("postgres(?:ql)?://([^/?#]*)/([^/?#]+)(?:\\?([^#]*))?");

        private static final Pattern HOST =
                Pattern.compile("(?:[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_])?|\\[[0-9A-Fa-f:.]+])(?::(\\d{1,5}))?");

        private static final Pattern PARAMETER = Pattern.compile("([A-Za-z][A-Za-z0-9_.-]*)=([^=]*)");

        /** Parameters that libpq and the driver for Java call by different names. */
        private static final Map<String, String> RENAMED =
                Map.of("application_name", "ApplicationName", "connect_timeout", "connectTimeout");

        private Parser() {}

        static DatabaseUrl parse(String given) {
            String url = given.startsWith("jdbc:") ? given.substring("jdbc:".length()) : given;
            if (url.startsWith("sqlite:")) {
                return sqlite(url.substring("sqlite:".length()));
            }
            if (url.startsWith("postgres:") || url.startsWith("postgresql:")) {
                return postgresql(url);
            }
            if (url.startsWith("mysql:") || url.startsWith("mariadb:")) {
                throw new IllegalArgumentException("MySQL is not supported; " + FORMS);
            }
            throw new IllegalArgumentException("is no database URL; " + FORMS);
        }

        private static DatabaseUrl sqlite(String rest) {
            String place = rest.startsWith("//") ? rest.substring(2) : rest;
            int query = place.indexOf('?');
            String file = decoded(query < 0 ? place : place.substring(0, query));
            boolean memory = file.equals(":memory:");
            for (String parameter : query < 0 ? List.<String>of() : parameters(place.substring(query + 1))) {
                switch (parameter) {
                    case "mode=rwc", "mode=rw" -> {
                        // What happens anyway.
                    }
                    case "mode=memory" -> memory = true;
                    default ->
                        throw new IllegalArgumentException("has the parameter '" + parameter.replaceAll("=.*", "")
                                + "', which SQLite URLs cannot have here; accepted: mode=rwc, and for the rest"
                                + " server.database.synchronous and server.database.database_specific.sqlite");
                }
            }
            if (memory) {
                return new SqliteInMemory();
            }
            if (file.isEmpty() || file.endsWith("/") || file.startsWith(":")) {
                throw new IllegalArgumentException("names no file; accepted: sqlite://FILE or sqlite::memory:");
            }
            try {
                return new Sqlite(Path.of(file));
            } catch (InvalidPathException e) {
                throw new IllegalArgumentException("names no file of this system; accepted: sqlite://FILE", e);
            }
        }

        private static DatabaseUrl postgresql(String url) {
            Matcher matcher = POSTGRESQL.matcher(url);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("is no complete PostgreSQL URL, such as"
                        + " postgresql://user:password@host:5432/database; characters such as / ? # in a password are"
                        + " written as %2F %3F %23");
            }
            String authority = matcher.group(1);
            int at = authority.lastIndexOf('@');
            String login = at < 0 ? "" : authority.substring(0, at);
            int colon = login.indexOf(':');
            String user = decoded(colon < 0 ? login : login.substring(0, colon));
            String password = colon < 0 ? "" : decoded(login.substring(colon + 1));
            String hosts = authority.substring(at + 1);
            for (String host : hosts.split(",", -1)) {
                Matcher form = HOST.matcher(host);
                if (!form.matches() || (form.group(1) != null && Integer.parseInt(form.group(1)) > 65_535)) {
                    throw new IllegalArgumentException(
                            "has a host that is none; accepted: HOST or HOST:PORT, several parted by commas");
                }
            }
            List<String> kept = new ArrayList<>();
            for (String parameter : matcher.group(3) == null ? List.<String>of() : parameters(matcher.group(3))) {
                Matcher form = PARAMETER.matcher(parameter);
                if (!form.matches()) {
                    throw new IllegalArgumentException("has a parameter that is none; accepted: NAME=VALUE&NAME=VALUE");
                }
                switch (form.group(1)) {
                    case "user" -> user = decoded(form.group(2));
                    case "password" -> password = decoded(form.group(2));
                    default -> kept.add(RENAMED.getOrDefault(form.group(1), form.group(1)) + "=" + form.group(2));
                }
            }
            String jdbcUrl = "jdbc:postgresql://" + hosts + "/" + matcher.group(2)
                    + (kept.isEmpty() ? "" : "?" + String.join("&", kept));
            return new Postgresql(jdbcUrl, user, password);
        }

        private static List<String> parameters(String query) {
            return Arrays.stream(query.split("&", -1))
                    .filter(part -> !part.isEmpty())
                    .toList();
        }

        /** Percent-decoding as in URLs; a plus sign is a plus sign. */
        private static String decoded(String part) {
            try {
                return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("has a % that is not followed by two hexadecimal digits", e);
            }
        }
    }
}

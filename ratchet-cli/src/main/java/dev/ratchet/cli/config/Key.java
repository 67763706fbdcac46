package dev.ratchet.cli.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One key of the configuration: everything that is known about it, so that reading, showing, documentation and the names
 * of the variables cannot differ.
 *
 * @param path its place, parts joined by {@code .}; {@code []} after a part stands for the items of a list, {@code *} for
 *     any name
 * @param type what it accepts
 * @param initial the value without any setting; null for none
 * @param initially the default in words, where {@code initial} does not say it; else empty
 * @param about what it means, for the manual
 * @param use what it is good for
 * @param secrecy how it is shown
 * @param aliases other places it may stand in
 * @param variable its short variable without {@code RATCHET_}; empty when it has only the one made of its path
 */
record Key<T>(
        String path,
        Type<T> type,
        @Nullable T initial,
        String initially,
        String about,
        Use use,
        Secrecy secrecy,
        List<String> aliases,
        String variable) {

    static final String PREFIX = "RATCHET_";

    /** What a key is good for. */
    enum Use {
        /** It has its documented effect. */
        EFFECTIVE,
        /** It is read and checked, and nothing looks at it in this version. */
        LATER,
        /** It belongs to another implementation, and is accepted so that its files load. */
        WITHOUT_MEANING
    }

    /** How a value is shown. */
    enum Secrecy {
        /** As it is. */
        OPEN,
        /** Without the password, path and query that the URL may have. */
        URL,
        /** As a database URL without its password. */
        DATABASE_URL,
        /** Not at all. */
        SECRET
    }

    static <T> Key<T> of(String path, Type<T> type, T initial, String about) {
        return new Key<>(path, type, initial, "", about, Use.EFFECTIVE, Secrecy.OPEN, List.of(), "");
    }

    /** A key that has no value unless it is given one. */
    static <T> Key<T> optional(String path, Type<T> type, String initially, String about) {
        return new Key<>(path, type, null, initially, about, Use.EFFECTIVE, Secrecy.OPEN, List.of(), "");
    }

    Key<T> alias(String alias) {
        List<String> all = new ArrayList<>(aliases);
        all.add(alias);
        return new Key<>(path, type, initial, initially, about, use, secrecy, List.copyOf(all), variable);
    }

    Key<T> variable(String name) {
        return new Key<>(path, type, initial, initially, about, use, secrecy, aliases, name);
    }

    Key<T> use(Use other) {
        return new Key<>(path, type, initial, initially, about, other, secrecy, aliases, variable);
    }

    Key<T> secrecy(Secrecy other) {
        return new Key<>(path, type, initial, initially, about, use, other, aliases, variable);
    }

    /** Whether it stands once, and so can have a variable. */
    boolean single() {
        return !path.contains("[]") && !path.contains("*") && !(type instanceof Type.Anything);
    }

    /** Whether its value may be given as a reference to a file, a variable or a named secret. */
    boolean referable() {
        return secrecy == Secrecy.SECRET || secrecy == Secrecy.DATABASE_URL;
    }

    /** The variables that set it, the most precise name first; empty for the keys of list items. */
    List<String> variables() {
        if (!single()) {
            return List.of();
        }
        String full = PREFIX + path.replace('.', '_').toUpperCase(Locale.ROOT);
        return variable.isEmpty() || full.equals(PREFIX + variable) ? List.of(full) : List.of(full, PREFIX + variable);
    }

    /** The value without any setting, as a file would have it; null for none. */
    @Nullable
    JsonNode shownInitial() {
        return initial == null ? null : type.show(initial);
    }

    /** The JSON pointer of its place; meaningful for keys that stand once. */
    String pointer() {
        return "/" + path.replace('.', '/');
    }
}

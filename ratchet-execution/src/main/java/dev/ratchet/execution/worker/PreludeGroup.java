package dev.ratchet.execution.worker;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A file of the prelude that is loaded when a task first touches one of its globals. */
enum PreludeGroup {
    BLOB,
    CLOCK,
    CLONE,
    CONSOLE,
    CONTEXT,
    CRYPTO,
    ENCODING,
    ERRORS,
    EVENTS,
    EXCEPTION,
    FETCH,
    FORM,
    ITERATE,
    LEGACY,
    SUBTLE,
    TIMERS,
    URL;

    private static final Map<String, PreludeGroup> BY_FILE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(PreludeGroup::file, Function.identity()));

    /** The file's name without its ending, which is also the group's name inside the prelude. */
    String file() {
        return name().toLowerCase(Locale.ROOT);
    }

    static PreludeGroup of(String file) {
        var group = BY_FILE.get(file);
        if (group == null) {
            throw new IllegalArgumentException("the prelude has no file '" + file + "'");
        }
        return group;
    }
}

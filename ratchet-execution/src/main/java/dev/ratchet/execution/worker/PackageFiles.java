package dev.ratchet.execution.worker;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of one task package, which is all the code a task can reach.
 *
 * @param files text by path, {@code /} as separator, no leading slash
 * @param entry the file that holds the task's function
 */
record PackageFiles(Map<String, String> files, String entry) {
    private static final List<String> ENDINGS = List.of("", ".js", ".cjs", ".json", "/index.js", "/index.cjs");

    PackageFiles {
        files = Map.copyOf(files);
        if (!files.containsKey(entry)) {
            throw new IllegalArgumentException("entry file '" + entry + "' is not among the files of the package");
        }
    }

    /** The text of a file, null if there is none. */
    @Nullable
    String text(String path) {
        return files.get(path);
    }

    /**
     * What {@code require(specifier)} in the file {@code from} means.
     *
     * @return the path of a file of this package, null if the specifier leads to none
     */
    @Nullable
    String resolve(String from, String specifier) {
        if (!isRelative(specifier)) {
            return null;
        }
        String path = normalise(from.substring(0, from.lastIndexOf('/') + 1) + specifier);
        if (path != null) {
            for (String ending : ENDINGS) {
                String candidate = path.isEmpty() && ending.startsWith("/") ? ending.substring(1) : path + ending;
                if (files.containsKey(candidate)) {
                    return candidate;
                }
            }
        }
        return null;
    }

    static boolean isRelative(String specifier) {
        return specifier.startsWith("./")
                || specifier.startsWith("../")
                || specifier.equals(".")
                || specifier.equals("..");
    }

    /** Why a specifier cannot be had, in words for the task's author. */
    static String refusal(String verb, String specifier, String from) {
        return isRelative(specifier)
                ? "cannot " + verb + " '" + specifier + "' from " + from + ": there is no such file in this package"
                : "cannot " + verb + " '" + specifier
                        + "': only files of this package can be imported, by a relative path such as './file.js'";
    }

    /** Removes {@code .} and {@code ..}; null when the path leads out of the package. */
    private static @Nullable String normalise(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                if (parts.pollLast() == null) {
                    return null;
                }
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return String.join("/", parts);
    }
}

package dev.ratchet.core.task;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The part of a package a worker needs.
 *
 * @param files every code file by its path inside the package ({@code /} as separator, no leading slash): JavaScript
 *     as text, and {@code .json} files that the code may import; sorted by path
 * @param entry key in {@code files} of the file that holds the task's function
 * @param compat interface generation the code is written for
 */
public record TaskCode(SortedMap<String, String> files, String entry, Compat compat) {
    public TaskCode {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        if (!files.containsKey(entry)) {
            throw new IllegalArgumentException("entry file " + entry + " is not among the code files");
        }
    }

    /** A task of one file. */
    public static TaskCode ofSingleFile(String path, String source) {
        return new TaskCode(new TreeMap<>(Map.of(path, source)), path, Compat.NONE);
    }
}

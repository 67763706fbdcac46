package dev.ratchet.core.task;

import java.util.Map;
import java.util.SortedMap;

/**
 * Port to the form in which authors hand packages over: the files of a folder, or a ZIP archive of it. What is written is
 * read back as a package with the same {@link ContentHash}. Thread-safe.
 */
public interface PackageFormat {
    /**
     * Reads a package.
     *
     * @param files texts by their paths in the folder, such as {@code metadata.json} and {@code main.js}
     * @throws dev.ratchet.core.common.RatchetException INVALID_PACKAGE with every problem, by file and position
     */
    TaskPackage read(Map<String, String> files);

    /**
     * Reads an archive.
     *
     * @param zip an archive of the folder or of its content
     * @throws dev.ratchet.core.common.RatchetException as {@link #read}
     */
    TaskPackage readArchive(byte[] zip);

    /** The files of a package. */
    SortedMap<String, String> files(TaskPackage task);

    /** The package as a ZIP archive of its files; equal packages give equal bytes. */
    byte[] archive(TaskPackage task);
}

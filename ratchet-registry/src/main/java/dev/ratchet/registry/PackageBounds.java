package dev.ratchet.registry;

/** How large a package may be. Folder and archive obey the same numbers. */
final class PackageBounds {
    /** Files that belong to the package, and entries looked at on the way to them. */
    static final int MAX_FILES = 1_000;

    /** Folders, files and whatever else is in the way, skipped ones included. */
    static final int MAX_ENTRIES = 10_000;

    static final int MAX_FILE_BYTES = 4 << 20;

    static final int MAX_TOTAL_BYTES = 32 << 20;

    /** Characters of a path inside the package. */
    static final int MAX_PATH_LENGTH = 240;

    /** Names in a path inside the package. */
    static final int MAX_PATH_NAMES = 16;

    static final int MAX_ARCHIVE_BYTES = 64 << 20;

    /** An archive entry larger than a mebibyte that was compressed better than this is a bomb, not source code. */
    static final int MAX_COMPRESSION_RATIO = 200;

    private PackageBounds() {}
}

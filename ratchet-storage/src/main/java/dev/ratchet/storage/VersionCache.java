package dev.ratchet.storage;

import dev.ratchet.core.common.CacheFigures;

/** What is to be told of the cache of task versions. */
@FunctionalInterface
public interface VersionCache {
    /** Its figures since the start. */
    CacheFigures figures();
}

package dev.ratchet.core.task;

import dev.ratchet.core.common.JsonText;

/** Port to the stored form of a package. */
public interface PackageCodec {
    /** The package as one JSON document; nothing is lost. */
    JsonText write(TaskPackage task);

    /**
     * The package {@link #write} was given, with its hash computed anew.
     *
     * @throws IllegalArgumentException when the document is none that {@link #write} made
     */
    TaskPackage read(JsonText document);
}

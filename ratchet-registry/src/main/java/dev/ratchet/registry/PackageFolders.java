package dev.ratchet.registry;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.task.PackageFormat;
import dev.ratchet.core.task.TaskPackage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** Packages as folders and archives, for those who have them in memory. Thread-safe. */
public final class PackageFolders implements PackageFormat {
    private final TaskPackageLoader loader;
    private final PackageArchive archive = new PackageArchive();

    /** @param loader reads packages under the limits of this installation */
    public PackageFolders(TaskPackageLoader loader) {
        this.loader = Objects.requireNonNull(loader, "loader");
    }

    @Override
    public TaskPackage read(Map<String, String> files) {
        Map<String, byte[]> contents = new TreeMap<>();
        files.forEach((path, text) -> contents.put(path, text.getBytes(StandardCharsets.UTF_8)));
        return loaded(loader.load(contents, "package"));
    }

    @Override
    public TaskPackage readArchive(byte[] zip) {
        try {
            return loaded(loader.loadZip(new ByteArrayInputStream(zip), "archive"));
        } catch (IOException e) {
            throw new RatchetException(ErrorCode.IO_ERROR, "there is no room to read the archive", e);
        }
    }

    @Override
    public SortedMap<String, String> files(TaskPackage task) {
        return archive.files(task);
    }

    @Override
    public byte[] archive(TaskPackage task) {
        return archive.zip(task);
    }

    private static TaskPackage loaded(LoadResult result) {
        return switch (result) {
            case LoadResult.Loaded loaded -> loaded.taskPackage();
            case LoadResult.Rejected rejected ->
                throw new RatchetException(
                        ErrorCode.INVALID_PACKAGE, "the package cannot be used", rejected.problems());
        };
    }
}

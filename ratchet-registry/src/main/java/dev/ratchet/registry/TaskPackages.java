package dev.ratchet.registry;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.task.PackageCodec;
import dev.ratchet.core.task.PackageFormat;
import dev.ratchet.core.task.SchemaCompiler;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskPackage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Packages in every form a server takes, keeps and gives them: files, archives and one JSON document. Thread-safe. */
public final class TaskPackages implements PackageFormat, PackageCodec {
    private static final String DISPLAY = "the package";

    private final TaskPackageLoader loader;
    private final PackageJson json;
    private final PackageArchive archive = new PackageArchive();

    /**
     * @param defaults limits in force where a package declares none
     */
    public TaskPackages(SchemaCompiler schemas, TaskLimits defaults) {
        this.loader = new TaskPackageLoader(schemas, defaults);
        this.json = new PackageJson(defaults);
    }

    @Override
    public TaskPackage read(Map<String, String> files) {
        Map<String, byte[]> bytes = new TreeMap<>();
        files.forEach((path, text) -> bytes.put(path, text.getBytes(StandardCharsets.UTF_8)));
        return accepted(loader.load(bytes, DISPLAY));
    }

    @Override
    public TaskPackage readArchive(byte[] zip) {
        try {
            return accepted(loader.loadZip(new ByteArrayInputStream(zip), DISPLAY));
        } catch (IOException e) {
            throw new RatchetException(ErrorCode.IO_ERROR, "the archive cannot be read: " + e.getMessage(), e);
        }
    }

    private static TaskPackage accepted(LoadResult result) {
        return switch (result) {
            case LoadResult.Loaded loaded -> loaded.taskPackage();
            case LoadResult.Rejected rejected ->
                throw new RatchetException(ErrorCode.INVALID_PACKAGE, "the package has problems", rejected.problems());
        };
    }

    @Override
    public SortedMap<String, String> files(TaskPackage task) {
        return archive.files(task);
    }

    @Override
    public byte[] archive(TaskPackage task) {
        return archive.zip(task);
    }

    @Override
    public JsonText write(TaskPackage task) {
        return json.write(task);
    }

    @Override
    public TaskPackage read(JsonText document) {
        return json.read(document);
    }
}

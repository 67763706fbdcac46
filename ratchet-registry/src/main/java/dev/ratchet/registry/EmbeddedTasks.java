package dev.ratchet.registry;

import dev.ratchet.core.task.TaskPackage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Tasks that are part of the program. */
public final class EmbeddedTasks {
    private static final String[] HEARTBEAT = {
        "metadata.json",
        "main.js",
        "input.schema.json",
        "output.schema.json",
        "tests/says-what-it-is-told.json",
        "tests/refuses-unknown-input.json"
    };

    private final TaskPackageLoader loader;

    /** @param loader reads them as it reads all packages */
    public EmbeddedTasks(TaskPackageLoader loader) {
        this.loader = Objects.requireNonNull(loader, "loader");
    }

    /** The task that shows that the server runs tasks. */
    public TaskPackage heartbeat() {
        Map<String, byte[]> files = new TreeMap<>();
        for (String path : HEARTBEAT) {
            files.put(path, resource("heartbeat/" + path));
        }
        return switch (loader.load(files, "heartbeat")) {
            case LoadResult.Loaded loaded -> loaded.taskPackage();
            case LoadResult.Rejected rejected ->
                throw new IllegalStateException("the program's own heartbeat is faulty: " + rejected.problems());
        };
    }

    private static byte[] resource(String path) {
        try (InputStream in = EmbeddedTasks.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("file " + path + " is not part of the program");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.ratchet.server.observe;

import dev.ratchet.core.health.HealthCheck;
import dev.ratchet.core.health.HealthStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether there is room to write where the server's files are. */
public final class DiskSpaceCheck implements HealthCheck {
    private static final long MIB = 1024L * 1024;

    /** Below this somebody should make room. */
    static final long SCARCE_BYTES = 1024 * MIB;

    /** Below this the next checkpoint, recording or log file may not fit. */
    static final long EXHAUSTED_BYTES = 64 * MIB;

    private final List<Path> folders;
    private final Usable usable;

    /** Looks how much room there is. */
    @FunctionalInterface
    interface Usable {
        long bytes(Path folder) throws IOException;
    }

    /** @param folders where something is written; those that are missing have a parent that is not */
    public DiskSpaceCheck(List<Path> folders) {
        this(folders, folder -> Files.getFileStore(existing(folder)).getUsableSpace());
    }

    DiskSpaceCheck(List<Path> folders, Usable usable) {
        this.folders = List.copyOf(folders);
        this.usable = usable;
    }

    @Override
    public String name() {
        return "disk";
    }

    @Override
    public HealthStatus check() {
        long least = Long.MAX_VALUE;
        try {
            for (Path folder : folders) {
                least = Math.min(least, usable.bytes(folder));
            }
        } catch (IOException e) {
            return HealthStatus.unhealthy("a folder of the server cannot be looked at: "
                    + e.getClass().getSimpleName());
        }
        String message = least / MIB + " MiB are free";
        if (least < EXHAUSTED_BYTES) {
            return HealthStatus.unhealthy(message + ", and " + EXHAUSTED_BYTES / MIB + " are needed");
        }
        return least < SCARCE_BYTES
                ? HealthStatus.degraded(message + ", which is less than " + SCARCE_BYTES / MIB)
                : HealthStatus.healthy(message);
    }

    private static Path existing(Path folder) throws IOException {
        for (Path path = folder.toAbsolutePath(); path != null; path = path.getParent()) {
            if (Files.exists(path)) {
                return path;
            }
        }
        throw new IOException(folder + " has no parent that exists");
    }
}

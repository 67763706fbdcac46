package dev.ratchet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What Linux says a process holds, in MB of 2^20 bytes. */
final class ProcessMemory {
    private static final double KIBIBYTES = 1024;

    private ProcessMemory() {}

    /** Resident size; 0 when the process has ended. */
    static double resident(long pid) throws IOException {
        return figure(pid, "status", "VmRSS:");
    }

    /** Proportional size: pages that several processes share are divided among them. 0 when the process has ended. */
    static double proportional(long pid) throws IOException {
        return figure(pid, "smaps_rollup", "Pss:");
    }

    private static double figure(long pid, String file, String name) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), file))) {
            return lines.filter(line -> line.startsWith(name))
                    .mapToDouble(line -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / KIBIBYTES)
                    .findFirst()
                    .orElse(0);
        } catch (NoSuchFileException e) {
            return 0;
        } catch (java.io.UncheckedIOException e) {
            // A process that ends while it is read answers with ESRCH.
            return 0;
        }
    }
}

package dev.ratchet.execution;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Reads memory and processor time of other processes from Linux' {@code /proc} (see proc_pid_statm(5) and
 * proc_pid_stat(5)); where there is none, processor time of the whole process is the next best and memory is unknown.
 */
final class ProcessFigures {
    /** The value of a figure that the system does not tell, or of a process that is gone. */
    static final long UNKNOWN = -1;

    private static final int AT_PAGESZ = 6;
    private static final int AT_CLKTCK = 17;
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;

    private final Path proc;
    private final long pageBytes;
    private final long nanosPerTick;
    private final boolean available;

    private ProcessFigures(Path proc, long pageBytes, long nanosPerTick, boolean available) {
        this.proc = proc;
        this.pageBytes = pageBytes;
        this.nanosPerTick = nanosPerTick;
        this.available = available;
    }

    /** Learns page size and clock tick from the auxiliary vector, getauxval(3). */
    static ProcessFigures ofSystem() {
        Path proc = Path.of("/proc");
        long page = UNKNOWN;
        long ticks = UNKNOWN;
        Path vector = proc.resolve("self").resolve("auxv");
        if (Files.isReadable(vector)) {
            try {
                ByteBuffer words = ByteBuffer.wrap(read(vector, 4096)).order(ByteOrder.nativeOrder());
                while (words.remaining() >= 2 * Long.BYTES) {
                    long key = words.getLong();
                    long value = words.getLong();
                    if (key == AT_PAGESZ) {
                        page = value;
                    } else if (key == AT_CLKTCK) {
                        ticks = value;
                    }
                }
            } catch (IOException e) {
                return new ProcessFigures(proc, UNKNOWN, UNKNOWN, false);
            }
        }
        boolean available = page > 0 && ticks > 0;
        return new ProcessFigures(proc, page, available ? TimeUnit.SECONDS.toNanos(1) / ticks : UNKNOWN, available);
    }

    /** Resident memory in bytes. */
    long residentBytes(long pid) {
        if (!available) {
            return UNKNOWN;
        }
        try {
            String statm =
                    new String(read(proc.resolve(Long.toString(pid)).resolve("statm"), 256), StandardCharsets.US_ASCII);
            int from = statm.indexOf(' ') + 1;
            int to = statm.indexOf(' ', from);
            return to < 0 ? UNKNOWN : Long.parseLong(statm.substring(from, to)) * pageBytes;
        } catch (IOException | NumberFormatException e) {
            return UNKNOWN;
        }
    }

    /**
     * Processor time of the thread called {@code name}; unknown while there is none, and that of the whole process where
     * the system does not tell threads apart.
     */
    long threadCpuNanos(long pid, String name) {
        if (!available) {
            return processCpuNanos(pid);
        }
        String quoted = "(" + name + ")";
        try (DirectoryStream<Path> threads =
                Files.newDirectoryStream(proc.resolve(Long.toString(pid)).resolve("task"))) {
            for (Path thread : threads) {
                long nanos = namedCpuNanos(thread.resolve("stat"), quoted);
                if (nanos != UNKNOWN) {
                    return nanos;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // The process is gone.
            return UNKNOWN;
        }
        return UNKNOWN;
    }

    /** Processor time of a whole process. */
    long processCpuNanos(long pid) {
        if (available) {
            try {
                return cpuNanos(text(proc.resolve(Long.toString(pid)).resolve("stat")));
            } catch (IOException | NumberFormatException e) {
                return UNKNOWN;
            }
        }
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .map(duration -> duration.toNanos())
                .orElse(UNKNOWN);
    }

    private long namedCpuNanos(Path stat, String quotedName) {
        try {
            String line = text(stat);
            return line.startsWith(quotedName, line.indexOf('(')) ? cpuNanos(line) : UNKNOWN;
        } catch (IOException | NumberFormatException e) {
            // The thread ended between the listing and now.
            return UNKNOWN;
        }
    }

    /** User and system time; the name before them is in parentheses and may hold anything, even parentheses. */
    private long cpuNanos(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        if (fields.length <= SYSTEM_TIME) {
            return UNKNOWN;
        }
        return (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) * nanosPerTick;
    }

    private static String text(Path file) throws IOException {
        return new String(read(file, 1024), StandardCharsets.ISO_8859_1);
    }

    private static byte[] read(Path file, int atMost) throws IOException {
        try (FileInputStream in = new FileInputStream(file.toFile())) {
            return in.readNBytes(atMost);
        }
    }
}

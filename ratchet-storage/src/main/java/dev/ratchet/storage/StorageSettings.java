package dev.ratchet.storage;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Which database, and how much of it to use at a time.
 *
 * @param database where the data is
 * @param readers connections for reading, 1 to 64
 * @param writers connections that write side by side, 1 to 16; SQLite has one whatever this says
 * @param acquireTimeout how long to wait for a free connection, 1 s to 10 min
 * @param taskCacheBytes stored forms of task versions to keep in memory, 0 or more
 * @param backupDirectory where a copy of a SQLite file goes before its schema is changed; empty for the file's folder
 */
public record StorageSettings(
        Database database,
        int readers,
        int writers,
        Duration acquireTimeout,
        long taskCacheBytes,
        Optional<Path> backupDirectory) {
    private static final long DEFAULT_TASK_CACHE = 64L * 1024 * 1024;

    public StorageSettings {
        Objects.requireNonNull(database, "database");
        requireWithin("readers", readers, 1, 64);
        requireWithin("writers", writers, 1, 16);
        requireWithin("acquireTimeout in seconds", acquireTimeout.toSeconds(), 1, 600);
        Objects.requireNonNull(backupDirectory, "backupDirectory");
    }

    /** Four readers, three writers, ten seconds; backups beside the file. */
    public static StorageSettings of(Database database) {
        return new StorageSettings(database, 4, 3, Duration.ofSeconds(10), DEFAULT_TASK_CACHE, Optional.empty());
    }

    /** The kinds of database there are. */
    public sealed interface Database {
        /** Name of the kind, as in the folder of its migrations. */
        String vendor();
    }

    /**
     * One file on this machine, used by one server.
     *
     * @param file the file; it and its folder are made when they do not exist
     * @param synchronous what a commit waits for
     * @param cacheKibibytes page cache of each connection, 64 to 1,048,576
     */
    public record Sqlite(Path file, Synchronous synchronous, int cacheKibibytes) implements Database {
        public Sqlite {
            file = file.toAbsolutePath().normalize();
            if (file.getFileName() == null || file.toString().indexOf('?') >= 0) {
                throw new RatchetException(
                        ErrorCode.BAD_REQUEST,
                        "the database file must be named by a path without '?', was '" + file + "'");
            }
            Objects.requireNonNull(synchronous, "synchronous");
            requireWithin("cacheKibibytes", cacheKibibytes, 64, 1_048_576);
        }

        /** A file that survives a power cut, with 16 MiB of cache for each connection. */
        public static Sqlite of(Path file) {
            return new Sqlite(file, Synchronous.FULL, 16_384);
        }

        @Override
        public String vendor() {
            return "sqlite";
        }
    }

    /** What a commit waits for. */
    public enum Synchronous {
        /** Until the data is on the disk: what was committed survives a power cut. */
        FULL,
        /** Until the operating system has it: the last commits may be lost in a power cut, never in a crash. */
        NORMAL
    }

    /**
     * A PostgreSQL server, 14 or newer, for any number of Ratchet servers.
     *
     * @param url starts with {@code jdbc:postgresql:}
     * @param user role to log in as
     * @param password its password; empty where the server asks for none
     */
    public record Postgresql(String url, String user, String password) implements Database {
        private static final String PREFIX = "jdbc:postgresql:";

        public Postgresql {
            if (!url.toLowerCase(Locale.ROOT).startsWith(PREFIX)) {
                throw new RatchetException(
                        ErrorCode.BAD_REQUEST, "the URL of a PostgreSQL database must start with " + PREFIX);
            }
            Objects.requireNonNull(user, "user");
            Objects.requireNonNull(password, "password");
        }

        @Override
        public String vendor() {
            return "postgresql";
        }

        /** Without the password, and without the URL's parameters, which may hold one. */
        @Override
        public String toString() {
            return "Postgresql[url=" + shownUrl() + ", user=" + user + "]";
        }

        /** The URL without its parameters. */
        String shownUrl() {
            int parameters = url.indexOf('?');
            return parameters < 0 ? url : url.substring(0, parameters);
        }
    }

    private static void requireWithin(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new RatchetException(
                    ErrorCode.BAD_REQUEST, name + " must be " + least + " to " + most + ", was " + value);
        }
    }
}

package dev.ratchet.storage;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * A SQLite file and what lies beside it: {@code -wal} and {@code -shm} of SQLite itself, {@code .lock}, held by the server
 * that uses it, and {@code .restore}, a backup that takes the file's place at the next start.
 */
final class SqliteFile {
    private final StorageSettings.Sqlite settings;

    SqliteFile(StorageSettings.Sqlite settings) {
        this.settings = settings;
    }

    Path path() {
        return settings.file();
    }

    boolean exists() {
        return Files.exists(path());
    }

    String name() {
        Path name = path().getFileName();
        if (name == null) {
            throw new RatchetException(ErrorCode.BAD_REQUEST, path() + " is no file");
        }
        return name.toString();
    }

    Path beside(String ending) {
        return path().resolveSibling(name() + ending);
    }

    /** Connections for one writer: a transaction has the right to write from its beginning. */
    SQLiteDataSource writer() {
        SQLiteConfig config = config();
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        return source(config);
    }

    /** Connections that never write and never wait for whoever does. */
    SQLiteDataSource reader() {
        SQLiteConfig config = config();
        config.setTransactionMode(SQLiteConfig.TransactionMode.DEFERRED);
        config.setPragma(SQLiteConfig.Pragma.MMAP_SIZE, Long.toString(MAPPED_BYTES));
        return source(config);
    }

    private static final long MAPPED_BYTES = 256L * 1024 * 1024;
    private static final int WAL_KEPT_BYTES = 64 * 1024 * 1024;
    /** Only a foreign process can be in the way; waiting for it is a native call, so it is short. */
    private static final int BUSY_MILLIS = 250;

    private SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(
                switch (settings.synchronous()) {
                    case FULL -> SQLiteConfig.SynchronousMode.FULL;
                    case NORMAL -> SQLiteConfig.SynchronousMode.NORMAL;
                });
        config.enforceForeignKeys(true);
        config.setBusyTimeout(BUSY_MILLIS);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        // Negative: kibibytes instead of pages.
        config.setCacheSize(-settings.cacheKibibytes());
        config.setJournalSizeLimit(WAL_KEPT_BYTES);
        // The checkpointer does it, so that no writer has to.
        config.setWalAutocheckpoint(0);
        config.setGetGeneratedKeys(false);
        return config;
    }

    private SQLiteDataSource source(SQLiteConfig config) {
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + path());
        return source;
    }

    /** Makes the folder the file is in. */
    void makeFolder() {
        Path folder = path().getParent();
        if (folder == null) {
            return;
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new RatchetException(
                    ErrorCode.IO_ERROR, "the folder of the database cannot be made: " + e.getMessage(), e);
        }
    }

    /**
     * Takes the file for this process.
     *
     * @return empty when another process has it
     */
    Optional<Lock> lock() {
        Path file = beside(".lock");
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return Optional.of(new Lock(channel));
            }
        } catch (OverlappingFileLockException e) {
            // Another context of this very process.
        } catch (IOException e) {
            closeAfter(channel, e);
            throw new RatchetException(
                    ErrorCode.IO_ERROR, "the database's lock " + file + " cannot be used: " + e.getMessage(), e);
        }
        closeAfter(channel, null);
        return Optional.empty();
    }

    private static void closeAfter(@Nullable FileChannel channel, @Nullable Exception cause) {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            RatchetException failure =
                    new RatchetException(ErrorCode.IO_ERROR, "a lock could not be given back: " + e.getMessage(), e);
            if (cause != null) {
                failure.addSuppressed(cause);
            }
            throw failure;
        }
    }

    /** The file is this process's until closed; the operating system ends it with the process. */
    static final class Lock implements AutoCloseable {
        private final FileChannel channel;

        private Lock(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void close() {
            closeAfter(channel, null);
        }
    }

    /** Writes a copy of the file as it is at this moment, while others read and write it. */
    void copyTo(Path target) {
        Path folder = target.toAbsolutePath().getParent();
        Path partial = target.resolveSibling(target.getFileName() + ".partial");
        try {
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.deleteIfExists(partial);
            try (Connection connection = readOnly(path()).getConnection();
                    PreparedStatement copy = connection.prepareStatement("VACUUM INTO ?")) {
                copy.setString(1, partial.toString());
                copy.executeUpdate();
            }
            force(partial);
            List<String> faults = faultsOf(partial);
            if (!faults.isEmpty()) {
                throw new RatchetException(
                        ErrorCode.IO_ERROR,
                        "the copy of " + path() + " is damaged and was not kept: " + String.join("; ", faults));
            }
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
            if (folder != null) {
                forceFolder(folder);
            }
        } catch (SQLException e) {
            throw DatabaseErrors.translate(e);
        } catch (IOException e) {
            throw new RatchetException(
                    ErrorCode.IO_ERROR, "the copy " + target + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** Connections that change nothing about the file, not even how it is journaled. */
    static SQLiteDataSource readOnly(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(BUSY_MILLIS);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    /** What SQLite finds wrong with a file; empty when nothing is. At most 20 faults. */
    static List<String> faultsOf(Path file) throws SQLException {
        try (Connection connection = readOnly(file).getConnection()) {
            return faultsOn(connection);
        }
    }

    /** What SQLite finds wrong on a connection. */
    static List<String> faultsOn(Connection connection) throws SQLException {
        List<String> faults = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("PRAGMA integrity_check(20)")) {
                while (rows.next()) {
                    String line = rows.getString(1);
                    if (!"ok".equals(line)) {
                        faults.add(line);
                    }
                }
            }
            try (ResultSet rows = statement.executeQuery("PRAGMA foreign_key_check")) {
                while (rows.next() && faults.size() < 20) {
                    faults.add("a row of " + rows.getString(1) + " refers to a row of " + rows.getString(3)
                            + " that does not exist");
                }
            }
        }
        return faults;
    }

    /**
     * Puts a staged backup in the file's place, if there is one. Only for whoever holds the lock.
     *
     * @param replacedEnding what the file of before is called from then on
     */
    boolean takeRestored(String replacedEnding) {
        Path staged = beside(".restore");
        if (!Files.exists(staged)) {
            return false;
        }
        try {
            // The log belongs to the old file, and with the new one it would be poison.
            for (String ending : List.of("", "-wal", "-shm")) {
                Path old = beside(ending);
                if (Files.exists(old)) {
                    Files.move(old, beside(replacedEnding + ending), StandardCopyOption.ATOMIC_MOVE);
                }
            }
            Files.move(staged, path(), StandardCopyOption.ATOMIC_MOVE);
            Path folder = path().getParent();
            if (folder != null) {
                forceFolder(folder);
            }
            return true;
        } catch (IOException e) {
            throw new RatchetException(
                    ErrorCode.IO_ERROR, "the restored database cannot take its place: " + e.getMessage(), e);
        }
    }

    static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Makes a rename last; not every system lets a folder be opened, and those that do not need it less. */
    static void forceFolder(Path folder) throws IOException {
        if (File.separatorChar == '\\') {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}

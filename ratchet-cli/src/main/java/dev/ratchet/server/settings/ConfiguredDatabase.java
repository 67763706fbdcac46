package dev.ratchet.server.settings;

import dev.ratchet.cli.config.DatabaseUrl;
import dev.ratchet.cli.config.ServerSettings;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.storage.StorageSettings;
import java.nio.file.Path;

/** The database that the configuration names, as storage wants it told. */
public final class ConfiguredDatabase {
    private static final int PAGE_KIBIBYTES = 4;
    private static final int LEAST_CACHE_KIBIBYTES = 64;
    private static final int MOST_CACHE_KIBIBYTES = 1_048_576;

    private ConfiguredDatabase() {}

    /**
     * The database of {@code server.database}.
     *
     * @throws RatchetException when it is in memory, where nothing can be kept
     */
    public static StorageSettings.Database of(ServerSettings.Database database) {
        return switch (database.url()) {
            case DatabaseUrl.Sqlite(Path file) ->
                new StorageSettings.Sqlite(
                        file,
                        switch (database.sqlite().synchronous()) {
                            case FULL, EXTRA -> StorageSettings.Synchronous.FULL;
                            case NORMAL -> StorageSettings.Synchronous.NORMAL;
                        },
                        cache(database.sqlite().cacheSize()));
            case DatabaseUrl.Postgresql(String url, String user, String password) ->
                new StorageSettings.Postgresql(url, user, password);
            case DatabaseUrl.SqliteInMemory _ ->
                throw new RatchetException(
                        ErrorCode.BAD_REQUEST,
                        "server.database.url is sqlite::memory:, where nothing is kept; accepted: sqlite://FILE or"
                                + " postgresql://…");
        };
    }

    /** Pages, or KiB where negative, as SQLite has it. */
    private static int cache(int size) {
        long kibibytes = size < 0 ? -(long) size : (long) size * PAGE_KIBIBYTES;
        return Math.clamp(kibibytes, LEAST_CACHE_KIBIBYTES, MOST_CACHE_KIBIBYTES);
    }
}

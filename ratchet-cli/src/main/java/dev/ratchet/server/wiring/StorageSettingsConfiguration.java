package dev.ratchet.server.wiring;

import dev.ratchet.cli.config.DatabaseUrl;
import dev.ratchet.cli.config.RatchetConfig;
import dev.ratchet.cli.config.ServerSettings.Database;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.server.settings.ServerSettings;
import dev.ratchet.storage.StorageSettings;
import java.nio.file.Path;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Which database, as the configuration names it. */
@Configuration(proxyBeanMethods = false)
public class StorageSettingsConfiguration {
    private static final int PAGE_KIBIBYTES = 4;
    private static final int MAX_READERS = 64;
    private static final int MAX_WRITERS = 16;

    /** Made by Spring. */
    public StorageSettingsConfiguration() {}

    @Bean
    StorageSettings storageSettings(RatchetConfig config, ServerSettings settings) {
        Database database = config.server().database();
        int connections = database.maxConnections();
        return new StorageSettings(
                kind(config, settings, database),
                Math.clamp(connections - connections / 3, 1, MAX_READERS),
                Math.clamp(connections / 3, 1, MAX_WRITERS),
                database.connectionTimeout(),
                Optional.empty());
    }

    private static StorageSettings.Database kind(RatchetConfig config, ServerSettings settings, Database database) {
        return switch (database.url()) {
            case DatabaseUrl.Sqlite(Path file) ->
                new StorageSettings.Sqlite(
                        placed(file, config.server().dataDir(), settings.dataDirectory()),
                        database.sqlite().synchronous() == dev.ratchet.cli.config.ServerSettings.Synchronous.NORMAL
                                ? StorageSettings.Synchronous.NORMAL
                                : StorageSettings.Synchronous.FULL,
                        cache(database.sqlite().cacheSize()));
            case DatabaseUrl.Postgresql(String url, String user, String password) ->
                new StorageSettings.Postgresql(url, user, password);
            case DatabaseUrl.SqliteInMemory _ ->
                throw new RatchetException(
                        ErrorCode.BAD_REQUEST, "a server cannot keep its jobs in memory; see server.database.url");
        };
    }

    /** A file within the configured data directory moves with it when the command line names another. */
    private static Path placed(Path file, Path configured, Path inUse) {
        return file.startsWith(configured) ? inUse.resolve(configured.relativize(file)) : file;
    }

    /** Pages, or KiB where negative, as SQLite has it. */
    private static int cache(int size) {
        long kibibytes = size < 0 ? -(long) size : (long) size * PAGE_KIBIBYTES;
        return (int) Math.clamp(kibibytes, 64, 1_048_576);
    }
}

package dev.ratchet.server.wiring;

import dev.ratchet.cli.config.RatchetConfig;
import dev.ratchet.cli.config.ServerSettings.Database;
import dev.ratchet.server.settings.ConfiguredDatabase;
import dev.ratchet.storage.StorageSettings;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Which database, as the configuration names it. */
@Configuration(proxyBeanMethods = false)
public class StorageSettingsConfiguration {
    private static final int MAX_READERS = 64;
    private static final int MAX_WRITERS = 16;

    /** Made by Spring. */
    public StorageSettingsConfiguration() {}

    @Bean
    StorageSettings storageSettings(RatchetConfig config) {
        Database database = config.server().database();
        int connections = database.maxConnections();
        return new StorageSettings(
                ConfiguredDatabase.of(database),
                Math.clamp(connections - connections / 3, 1, MAX_READERS),
                Math.clamp(connections / 3, 1, MAX_WRITERS),
                database.connectionTimeout(),
                config.cache().tasks().maxBytes(),
                Optional.empty());
    }
}

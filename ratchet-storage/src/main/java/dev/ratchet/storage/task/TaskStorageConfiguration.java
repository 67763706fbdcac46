package dev.ratchet.storage.task;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.ratchet.core.common.Transactions;
import dev.ratchet.core.task.PackageCodec;
import dev.ratchet.core.task.TaskStore;
import dev.ratchet.storage.listing.Listings;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.data.repository.config.BootstrapMode;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The store of tasks. Needs a {@link PackageCodec}; {@link TaskCacheSettings} are the default ones unless there is a bean
 * of them.
 */
@Configuration(proxyBeanMethods = false)
// Repositories are made when they are first used: the server takes requests earlier.
@EnableJpaRepositories(bootstrapMode = BootstrapMode.LAZY)
public class TaskStorageConfiguration {
    @Bean
    TaskContents taskContents(ObjectProvider<TaskCacheSettings> settings) {
        return new TaskContents(settings.getIfAvailable(() -> TaskCacheSettings.DEFAULTS), Ticker.systemTicker());
    }

    @Bean
    TaskStore taskStore(
            TaskRows rows,
            TaskRepository tasks,
            VersionRepository versions,
            ActivationRepository activations,
            Listings listings,
            DataSource dataSource,
            Transactions transactions,
            PackageCodec codec,
            TaskContents contents) {
        return new SqlTaskStore(
                rows,
                tasks,
                versions,
                activations,
                listings,
                JdbcClient.create(dataSource),
                transactions,
                codec,
                contents);
    }
}

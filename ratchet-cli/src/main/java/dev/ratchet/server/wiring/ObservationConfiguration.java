package dev.ratchet.server.wiring;

import dev.ratchet.cli.config.DatabaseUrl;
import dev.ratchet.cli.config.RatchetConfig;
import dev.ratchet.core.common.CacheFigures;
import dev.ratchet.core.delivery.DeliveryDispatcher;
import dev.ratchet.core.execution.ResultCache;
import dev.ratchet.core.health.HealthCheck;
import dev.ratchet.core.health.HealthStatus;
import dev.ratchet.core.job.Dispatcher;
import dev.ratchet.core.job.QueueSettings;
import dev.ratchet.execution.RememberedResults;
import dev.ratchet.execution.http.HttpCache;
import dev.ratchet.execution.http.HttpCacheFigures;
import dev.ratchet.server.observe.CacheFiguresBinder;
import dev.ratchet.server.observe.DatabaseFigures;
import dev.ratchet.server.observe.DiskSpaceCheck;
import dev.ratchet.server.observe.QueueCheck;
import dev.ratchet.server.observe.QueueFigures;
import dev.ratchet.storage.DatabaseState;
import dev.ratchet.storage.VersionCache;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Health and figures of what the server does. */
@Configuration(proxyBeanMethods = false)
public class ObservationConfiguration {
    /** Made by Spring. */
    public ObservationConfiguration() {}

    @Bean
    DiskSpaceCheck diskSpaceCheck(RatchetConfig config) {
        List<Path> folders = new ArrayList<>(List.of(config.server().dataDir()));
        if (config.server().database().url() instanceof DatabaseUrl.Sqlite(Path file)
                && file.toAbsolutePath().getParent() != null) {
            folders.add(file.toAbsolutePath().getParent());
        }
        return new DiskSpaceCheck(folders);
    }

    @Bean
    QueueCheck queueCheck(Dispatcher dispatcher, QueueSettings settings) {
        return new QueueCheck(dispatcher::waiting, dispatcher::running, settings.maxWaiting());
    }

    /** There are no registries yet, and the documented report has a line for them. */
    @Bean
    HealthCheck registryCheck() {
        return new HealthCheck() {
            @Override
            public String name() {
                return "registry";
            }

            @Override
            public HealthStatus check() {
                return HealthStatus.healthy("no registry is configured");
            }
        };
    }

    @Bean
    QueueFigures queueFigures(Dispatcher dispatcher, DeliveryDispatcher deliveries) {
        return new QueueFigures(dispatcher, deliveries);
    }

    @Bean
    DatabaseFigures databaseFigures(DatabaseState state) {
        return new DatabaseFigures(state, System::nanoTime);
    }

    @Bean
    CacheFiguresBinder cacheFigures(VersionCache tasks, ResultCache results, HttpCache answers) {
        Map<String, Supplier<CacheFigures>> caches = new HashMap<>();
        caches.put("tasks", tasks::figures);
        if (results instanceof RememberedResults remembered) {
            caches.put("results", remembered::figures);
        }
        caches.put("http", () -> {
            HttpCacheFigures figures = answers.figures();
            return new CacheFigures(
                    figures.urls(),
                    figures.bytes(),
                    figures.hits() + figures.revalidated(),
                    figures.misses(),
                    figures.evictions());
        });
        return new CacheFiguresBinder(caches);
    }
}

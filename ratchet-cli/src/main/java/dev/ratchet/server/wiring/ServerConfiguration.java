package dev.ratchet.server.wiring;

import dev.ratchet.cli.config.RatchetConfig;
import dev.ratchet.core.health.HealthCheck;
import dev.ratchet.server.lifecycle.DataDirectory;
import dev.ratchet.server.lifecycle.Phase;
import dev.ratchet.server.lifecycle.PhasedLifecycle;
import dev.ratchet.server.lifecycle.ServerFile;
import dev.ratchet.server.observe.Figures;
import dev.ratchet.server.observe.HealthChecks;
import dev.ratchet.server.settings.ProcessFacts;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the server tells of itself. */
@Configuration(proxyBeanMethods = false)
public class ServerConfiguration {
    private static final Duration HEALTH_LIMIT = Duration.ofSeconds(2);

    /** Made by Spring. */
    public ServerConfiguration() {}

    @Bean
    HealthChecks healthChecks(List<HealthCheck> checks) {
        return new HealthChecks(checks, HEALTH_LIMIT);
    }

    @Bean
    Figures figures(List<MeterBinder> binders) {
        return new Figures(binders);
    }

    /** The last to start and the first to stop: says where the server is while it accepts requests. */
    @Bean
    PhasedLifecycle announcement(
            ServletWebServerApplicationContext context,
            DataDirectory data,
            RatchetConfig config,
            ProcessFacts process,
            InstantSource clock) {
        return new PhasedLifecycle(
                Phase.ANNOUNCEMENT,
                "announcement",
                () -> {
                    Instant now = clock.instant();
                    String url = config.server()
                            .url(Objects.requireNonNull(context.getWebServer(), "web server")
                                    .getPort());
                    data.announce(new ServerFile(url, process.pid(), now, process.version()));
                    process.console()
                            .accept(String.format(
                                    Locale.ROOT,
                                    "accepting requests at %s after %.2f s (process %d, data in %s)",
                                    url,
                                    Duration.between(process.startedAt(), now).toMillis() / 1000.0,
                                    process.pid(),
                                    data.path()));
                },
                data::withdraw);
    }
}

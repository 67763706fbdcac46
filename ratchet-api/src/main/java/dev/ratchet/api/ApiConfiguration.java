package dev.ratchet.api;

import dev.ratchet.api.web.ApiRouter;
import dev.ratchet.api.web.Controller;
import dev.ratchet.api.web.OtherFaults;
import java.time.InstantSource;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The beans of the interface. Whoever imports it provides the use cases of core, an {@link InstantSource}, an {@link
 * ApiSettings} and a {@link CallerSource}.
 */
@Configuration(proxyBeanMethods = false)
public class ApiConfiguration {
    @Bean
    ApiRouter apiRouter(List<Controller> controllers, ApiSettings settings, CallerSource callers, InstantSource clock) {
        return new ApiRouter(controllers, callers::callerOf, clock, settings.maxBodyBytes(), settings.maxStreams());
    }

    @Bean
    OtherFaults otherFaults() {
        return new OtherFaults();
    }
}

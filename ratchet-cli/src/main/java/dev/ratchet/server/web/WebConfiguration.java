package dev.ratchet.server.web;

import dev.ratchet.cli.config.RatchetConfig;
import dev.ratchet.cli.config.ServerSettings;
import dev.ratchet.core.common.UuidV7;
import dev.ratchet.server.observe.Figures;
import dev.ratchet.server.observe.HealthChecks;
import dev.ratchet.server.settings.ProcessFacts;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.time.InstantSource;
import java.util.EnumSet;
import org.apache.catalina.core.StandardHost;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** The filters around every request, outermost first, and the routes of the server itself. */
@Configuration(proxyBeanMethods = false)
public class WebConfiguration {
    private static final Logger log = LoggerFactory.getLogger(WebConfiguration.class);

    /** Made by Spring. */
    public WebConfiguration() {}

    @Bean
    FilterRegistrationBean<RequestIdFilter> requestIdFilter(UuidV7 ids, Figures figures) {
        return registered(
                new RequestIdFilter(ids, figures),
                0,
                EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC, DispatcherType.ERROR));
    }

    @Bean
    FilterRegistrationBean<SecurityHeadersFilter> securityHeadersFilter() {
        return registered(new SecurityHeadersFilter(), 1, EnumSet.of(DispatcherType.REQUEST));
    }

    @Bean
    FilterRegistrationBean<OriginFilter> originFilter(RatchetConfig config) {
        ServerSettings.Cors cors = config.server().cors();
        if (cors.allowedOrigins().contains("*")) {
            log.atWarn()
                    .log("server.cors.allowed_origins has '*': every web page that is open on this machine may use the"
                            + " server");
        }
        return registered(new OriginFilter(cors), 2, EnumSet.of(DispatcherType.REQUEST));
    }

    @Bean
    FilterRegistrationBean<TimeLimitFilter> timeLimitFilter(RatchetConfig config) {
        return registered(new TimeLimitFilter(config.server().requestTimeout()), 3, EnumSet.of(DispatcherType.REQUEST));
    }

    @Bean
    FilterRegistrationBean<BodyLimitFilter> bodyLimitFilter(RatchetConfig config) {
        return registered(
                new BodyLimitFilter(config.server().maxRequestBytes()), 4, EnumSet.of(DispatcherType.REQUEST));
    }

    private static <F extends Filter> FilterRegistrationBean<F> registered(
            F filter, int place, EnumSet<DispatcherType> dispatches) {
        FilterRegistrationBean<F> registration = new FilterRegistrationBean<>(filter);
        registration.setDispatcherTypes(dispatches);
        registration.setAsyncSupported(true);
        registration.setOrder(Ordered.HIGHEST_PRECEDENCE + place);
        return registration;
    }

    @Bean
    ServiceController serviceController(
            ProcessFacts process, HealthChecks checks, Figures figures, InstantSource clock) {
        return new ServiceController(process.version(), checks, figures, clock);
    }

    @Bean
    ProblemErrorController problemErrorController() {
        return new ProblemErrorController();
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemsInsteadOfPages() {
        return factory -> factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemValve.class.getName());
            }
        });
    }
}

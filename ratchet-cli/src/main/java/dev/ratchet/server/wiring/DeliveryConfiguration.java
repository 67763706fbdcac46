package dev.ratchet.server.wiring;

import dev.ratchet.cli.config.OutputSettings;
import dev.ratchet.cli.config.RatchetConfig;
import dev.ratchet.core.common.Signals;
import dev.ratchet.core.common.UuidV7;
import dev.ratchet.core.delivery.Deliveries;
import dev.ratchet.core.delivery.DeliveryChannel;
import dev.ratchet.core.delivery.DeliveryDispatcher;
import dev.ratchet.core.delivery.DeliveryPlanner;
import dev.ratchet.core.delivery.DeliveryPlans;
import dev.ratchet.core.delivery.DeliveryRetryPolicy;
import dev.ratchet.core.delivery.DeliveryStore;
import dev.ratchet.core.delivery.OutputDestination;
import dev.ratchet.core.delivery.OutputDestinations;
import dev.ratchet.core.execution.ExecutionStore;
import dev.ratchet.core.http.OutboundHttp;
import dev.ratchet.core.id.NodeId;
import dev.ratchet.core.task.TaskStore;
import dev.ratchet.execution.delivery.DeliveryChannels;
import dev.ratchet.execution.delivery.DeliverySettings;
import dev.ratchet.execution.delivery.DestinationJson;
import dev.ratchet.execution.delivery.WebhookGate;
import dev.ratchet.execution.delivery.WebhookSecurity;
import dev.ratchet.execution.http.HostResolver;
import dev.ratchet.server.lifecycle.Phase;
import dev.ratchet.server.lifecycle.PhasedLifecycle;
import dev.ratchet.server.lifecycle.StopDeadline;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Deliveries: where results go, and what brings them there. */
@Configuration(proxyBeanMethods = false)
public class DeliveryConfiguration {
    /** What templates call the environment; there is one server, and nobody has named it. */
    private static final String ENVIRONMENT = "production";

    /** Made by Spring. */
    public DeliveryConfiguration() {}

    @Bean
    OutputDestinations outputDestinations(RatchetConfig config) {
        return new DestinationJson(config.output().defaultTimeout());
    }

    @Bean
    DeliveryPlanner deliveryPlanner(OutputDestinations reader, RatchetConfig config, UuidV7 ids) {
        List<OutputDestination> global = config.output().globalDestinations().stream()
                .map(OutputSettings.GlobalDestination::destination)
                .toList();
        return new DeliveryPlans(reader, global, ids);
    }

    @Bean
    Deliveries deliveries(DeliveryStore store, Signals signals, InstantSource clock) {
        return new Deliveries(store, signals, clock);
    }

    @Bean(destroyMethod = "close")
    DeliveryChannel deliveryChannel(RatchetConfig config, InstantSource clock) {
        DeliverySettings output = settings(config);
        OutboundHttp webhooks = WebhookGate.open(config.http().gate(), output.security(), HostResolver.SYSTEM, clock);
        return DeliveryChannels.open(output, webhooks, new ProcessStreams(), clock);
    }

    private static DeliverySettings settings(RatchetConfig config) {
        OutputSettings output = config.output();
        OutputSettings.Security security = output.security();
        OutputSettings.CircuitBreaker breaker = output.circuitBreaker();
        return new DeliverySettings(
                output.root(),
                output.formatting().timestampFormat(),
                output.formatting().includeMetadata(),
                output.formatting().prettyJson(),
                DeliverySettings.DEFAULT_MAX_BYTES,
                new WebhookSecurity(
                        security.allowLocalhost(),
                        security.allowPrivateNetworks(),
                        Set.copyOf(security.allowedDomains())),
                new DeliverySettings.CircuitBreaker(
                        breaker.failureThreshold(),
                        breaker.successThreshold(),
                        breaker.open(),
                        DeliverySettings.CircuitBreaker.DEFAULT.window()));
    }

    @Bean(destroyMethod = "")
    DeliveryDispatcher deliveryDispatcher(
            DeliveryStore deliveries,
            ExecutionStore executions,
            TaskStore tasks,
            DeliveryDispatcher.Names names,
            OutputDestinations reader,
            DeliveryChannel channel,
            Signals signals,
            RatchetConfig config,
            InstantSource clock,
            NodeId node) {
        OutputSettings.Retry retry = config.output().retry();
        return new DeliveryDispatcher(
                deliveries,
                executions,
                tasks,
                names,
                reader,
                channel,
                signals,
                new DeliveryDispatcher.Settings(
                        config.output().maxConcurrent(),
                        new DeliveryRetryPolicy(
                                retry.maxAttempts(), retry.initialDelay(), retry.maxDelay(), retry.multiplier()),
                        ENVIRONMENT,
                        config.server().shutdownTimeout()),
                new SecureRandom(),
                clock,
                node);
    }

    @Bean
    PhasedLifecycle delivering(DeliveryDispatcher dispatcher, StopDeadline deadline) {
        return new PhasedLifecycle(
                Phase.DELIVERIES, "deliveries", dispatcher::start, () -> dispatcher.close(deadline.left()));
    }
}

package dev.ratchet.server.wiring;

import dev.ratchet.api.ApiSettings;
import dev.ratchet.api.CallerSource;
import dev.ratchet.api.WorkerList;
import dev.ratchet.api.WorkerList.Status;
import dev.ratchet.api.WorkerList.Worker;
import dev.ratchet.cli.config.RatchetConfig;
import dev.ratchet.core.common.Caller;
import dev.ratchet.execution.WorkerInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the REST interface needs of the server. */
@Configuration(proxyBeanMethods = false)
public class InterfaceConfiguration {
    private static final double PERCENT = 100;

    /** Made by Spring. */
    public InterfaceConfiguration() {}

    @Bean
    ApiSettings apiSettings(RatchetConfig config) {
        ApiSettings defaults = ApiSettings.DEFAULTS;
        long largest = Math.min(config.server().maxRequestBytes(), 64L * 1024 * 1024);
        // A request that waits for a run must end before its time is up.
        Duration within = config.server().requestTimeout().multipliedBy(9).dividedBy(10);
        Duration maxWait = within.compareTo(defaults.maxWait()) < 0 ? within : defaults.maxWait();
        return new ApiSettings(largest, largest, maxWait, defaults.maxStreams(), defaults.beat());
    }

    /** Whoever can reach this machine's own address, as long as there are no identities. */
    @Bean
    CallerSource callerSource() {
        return _ -> Caller.LOCAL;
    }

    @Bean
    WorkerList workerList(PooledTaskRunner runner, InstantSource clock) {
        return () -> {
            Instant now = clock.instant();
            return runner.workers().stream().map(worker -> shown(worker, now)).toList();
        };
    }

    private static Worker shown(WorkerInfo worker, Instant now) {
        Long resident = worker.residentBytes();
        Double cpu = worker.cpuFraction();
        Instant heard = worker.lastHeardAt();
        return new Worker(
                worker.id(),
                worker.pid() > 0 ? OptionalLong.of(worker.pid()) : OptionalLong.empty(),
                switch (worker.state()) {
                    case STARTING, READY -> Status.IDLE;
                    case BUSY -> Status.RUNNING;
                    case STOPPING -> Status.STOPPING;
                    case DEAD -> Status.ERROR;
                },
                worker.runs(),
                worker.executions(),
                Duration.between(worker.startedAt(), now),
                resident == null ? OptionalLong.empty() : OptionalLong.of(resident),
                cpu == null ? OptionalDouble.empty() : OptionalDouble.of(cpu * PERCENT),
                heard == null ? worker.startedAt() : heard,
                worker.engine());
    }
}

package dev.ratchet.server.wiring;

import dev.ratchet.cli.config.RatchetConfig;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.UuidV7;
import dev.ratchet.core.execution.TaskExecutor;
import dev.ratchet.core.http.OutboundHttp;
import dev.ratchet.core.task.SchemaCompiler;
import dev.ratchet.execution.WorkerPool;
import dev.ratchet.execution.http.HostResolver;
import dev.ratchet.execution.http.HttpGate;
import dev.ratchet.execution.schema.JsonSchemas;
import dev.ratchet.server.lifecycle.Phase;
import dev.ratchet.server.lifecycle.PhasedLifecycle;
import dev.ratchet.server.settings.WorkerSettings;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What runs tasks. */
@Configuration(proxyBeanMethods = false)
public class ExecutionConfiguration {
    /** Made by Spring. */
    public ExecutionConfiguration() {}

    @Bean
    UuidV7 ids(InstantSource clock) {
        return new UuidV7(clock, new SecureRandom());
    }

    @Bean
    SchemaCompiler schemas() {
        return new JsonSchemas();
    }

    @Bean(destroyMethod = "")
    PooledTaskRunner taskRunner(WorkerSettings workers, InstantSource clock) {
        return new PooledTaskRunner(() -> new WorkerPool(workers.pool(), workers.classpath(), clock));
    }

    @Bean
    PhasedLifecycle poolLifecycle(PooledTaskRunner runner) {
        return new PhasedLifecycle(Phase.POOL, "worker pool", runner::start, runner::stop);
    }

    @Bean
    PoolFigures poolFigures(PooledTaskRunner runner) {
        return new PoolFigures(runner);
    }

    @Bean
    TaskExecutor taskExecutor(PooledTaskRunner runner, SchemaCompiler schemas, RatchetConfig config) {
        return new TaskExecutor(
                runner, config.execution().validateSchemas() ? schemas : ExecutionConfiguration::unchecked);
    }

    @Bean(destroyMethod = "close")
    OutboundHttp outboundHttp(RatchetConfig config, InstantSource clock) {
        return HttpGate.create(config.http().gate(), HostResolver.SYSTEM, clock);
    }

    /** Stands in for the schema library where the configuration switches the checks off. */
    private static SchemaCompiler.Compilation unchecked(String source, JsonText schema) {
        return new SchemaCompiler.Compilation.Compiled((_, _) -> List.of());
    }
}

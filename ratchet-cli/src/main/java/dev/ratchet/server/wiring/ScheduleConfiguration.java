package dev.ratchet.server.wiring;

import dev.ratchet.cli.config.ExecutionSettings;
import dev.ratchet.cli.config.RatchetConfig;
import dev.ratchet.core.common.Signals;
import dev.ratchet.core.common.Transactions;
import dev.ratchet.core.common.UuidV7;
import dev.ratchet.core.delivery.DeliveryDispatcher;
import dev.ratchet.core.execution.TaskExecutor;
import dev.ratchet.core.job.Jobs;
import dev.ratchet.core.schedule.Heartbeat;
import dev.ratchet.core.schedule.Schedule;
import dev.ratchet.core.schedule.ScheduleStore;
import dev.ratchet.core.schedule.ScheduleTicker;
import dev.ratchet.core.schedule.Schedules;
import dev.ratchet.core.task.SchemaCompiler;
import dev.ratchet.core.task.TaskLookup;
import dev.ratchet.core.task.Tasks;
import dev.ratchet.registry.EmbeddedTasks;
import dev.ratchet.registry.TaskPackageLoader;
import dev.ratchet.server.lifecycle.Phase;
import dev.ratchet.server.lifecycle.PhasedLifecycle;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Schedules: what makes jobs by itself. */
@Configuration(proxyBeanMethods = false)
public class ScheduleConfiguration {
    private static final Logger log = LoggerFactory.getLogger(ScheduleConfiguration.class);

    /** Made by Spring. */
    public ScheduleConfiguration() {}

    @Bean
    Schedules schedules(
            ScheduleStore store,
            TaskLookup tasks,
            TaskExecutor executor,
            Jobs jobs,
            Transactions transactions,
            Signals signals,
            UuidV7 ids,
            InstantSource clock) {
        return new Schedules(store, tasks, executor, jobs, transactions, signals, ids, clock);
    }

    @Bean
    DeliveryDispatcher.Names scheduleNames(ScheduleStore store) {
        return (tenant, id) -> store.find(tenant, id).map(Schedule::name);
    }

    @Bean(destroyMethod = "")
    ScheduleTicker scheduleTicker(
            ScheduleStore store, Jobs jobs, Transactions transactions, Signals signals, InstantSource clock) {
        return new ScheduleTicker(store, jobs, transactions, signals, clock);
    }

    @Bean
    PhasedLifecycle ticking(ScheduleTicker ticker) {
        return new PhasedLifecycle(Phase.TICKER, "schedules", ticker::start, ticker::close);
    }

    @Bean
    PhasedLifecycle beating(Tasks tasks, Schedules schedules, SchemaCompiler schemas, RatchetConfig config) {
        Heartbeat heartbeat = new Heartbeat(tasks, schedules);
        ExecutionSettings.Heartbeat wanted = config.execution().heartbeat();
        AtomicBoolean stopping = new AtomicBoolean();
        // Has its code checked in a worker the first time: not something to start after.
        Runnable ensured = () -> Thread.ofVirtual().name("ratchet-heartbeat").start(() -> {
            try {
                if (wanted.enabled()) {
                    heartbeat.ensure(new EmbeddedTasks(new TaskPackageLoader(schemas)).heartbeat(), wanted.cron());
                } else {
                    heartbeat.switchOff();
                }
            } catch (RuntimeException e) {
                // A server that is asked to stop at once takes away what this needs; the next start makes up for it.
                log.atLevel(stopping.get() ? Level.DEBUG : Level.WARN)
                        .setCause(e)
                        .log("the heartbeat cannot be set up");
            }
        });
        return new PhasedLifecycle(Phase.TICKER, "heartbeat", ensured, () -> stopping.set(true));
    }
}

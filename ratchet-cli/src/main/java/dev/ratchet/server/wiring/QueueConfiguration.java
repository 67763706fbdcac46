package dev.ratchet.server.wiring;

import dev.ratchet.cli.config.DatabaseUrl;
import dev.ratchet.cli.config.ExecutionSettings.Recording;
import dev.ratchet.cli.config.RatchetConfig;
import dev.ratchet.core.common.Signals;
import dev.ratchet.core.common.Transactions;
import dev.ratchet.core.common.UuidV7;
import dev.ratchet.core.delivery.DeliveryPlanner;
import dev.ratchet.core.execution.ExecutionEvents;
import dev.ratchet.core.execution.ExecutionStore;
import dev.ratchet.core.execution.FailureDetails;
import dev.ratchet.core.execution.ResultCache;
import dev.ratchet.core.execution.RunRecorder;
import dev.ratchet.core.execution.RunResources;
import dev.ratchet.core.execution.TaskExecutor;
import dev.ratchet.core.execution.TaskRunner;
import dev.ratchet.core.http.OutboundHttp;
import dev.ratchet.core.id.NodeId;
import dev.ratchet.core.job.AttemptRunner;
import dev.ratchet.core.job.Dispatcher;
import dev.ratchet.core.job.Executions;
import dev.ratchet.core.job.JobStore;
import dev.ratchet.core.job.Jobs;
import dev.ratchet.core.job.NodeStore;
import dev.ratchet.core.job.QueueSettings;
import dev.ratchet.core.job.QueuedTasks;
import dev.ratchet.core.job.Retention;
import dev.ratchet.core.job.RetentionRules;
import dev.ratchet.core.job.RetentionStore;
import dev.ratchet.core.task.RetryPolicy;
import dev.ratchet.core.task.SchemaCompiler;
import dev.ratchet.core.task.TaskLookup;
import dev.ratchet.core.task.TaskStore;
import dev.ratchet.core.task.Tasks;
import dev.ratchet.execution.RememberedResults;
import dev.ratchet.execution.ResultCacheSettings;
import dev.ratchet.execution.http.HttpCache;
import dev.ratchet.execution.http.HttpCacheSettings;
import dev.ratchet.execution.recording.BodyLimits;
import dev.ratchet.execution.recording.DocumentComparison;
import dev.ratchet.execution.recording.StoredFailures;
import dev.ratchet.execution.recording.StoredRecordings;
import dev.ratchet.registry.TaskPackages;
import dev.ratchet.server.lifecycle.Phase;
import dev.ratchet.server.lifecycle.PhasedLifecycle;
import dev.ratchet.server.lifecycle.StopDeadline;
import dev.ratchet.server.settings.ProcessFacts;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The queue: what accepts, claims, runs and ends jobs. */
@Configuration(proxyBeanMethods = false)
public class QueueConfiguration {
    private static final int SEED_BYTES = 32;

    /** Made by Spring. */
    public QueueConfiguration() {}

    @Bean
    QueueSettings queueSettings(RatchetConfig config) {
        return new QueueSettings(
                config.execution().maxConcurrentTasks(),
                config.queue().maxDepth(),
                config.queue().lease(),
                config.queue().heartbeat(),
                config.queue().pollInterval(),
                RetryPolicy.DEFAULT.withMaxRetries(config.queue().defaultMaxRetries()),
                config.queue().idempotencyTtl(),
                config.server().shutdownTimeout());
    }

    /** Packages as they are stored, taken and given. */
    @Bean
    TaskPackages taskPackages(SchemaCompiler schemas, RatchetConfig config) {
        return new TaskPackages(schemas, config.execution().defaultLimits());
    }

    @Bean
    ResultCache resultCache(RatchetConfig config) {
        var cache = config.cache().results();
        return cache.enabled()
                ? new RememberedResults(new ResultCacheSettings(
                        cache.onlySuccess(),
                        cache.maxEntries(),
                        ResultCacheSettings.DEFAULTS.maxBytes(),
                        cache.maxTtl()))
                : ResultCache.NONE;
    }

    @Bean(destroyMethod = "")
    Retention retention(RetentionStore store, RatchetConfig config, InstantSource clock) {
        var kept = config.retention();
        return new Retention(
                store,
                new RetentionRules(
                        kept.maxAge(),
                        kept.maxCountPerTask(),
                        OptionalLong.of(kept.maxBytesPerTask()),
                        kept.interval()),
                clock);
    }

    @Bean
    PhasedLifecycle pruning(Retention retention) {
        return new PhasedLifecycle(Phase.DISPATCHER, "retention", retention::start, retention::close);
    }

    @Bean
    TaskLookup taskLookup(TaskStore tasks) {
        return new TaskLookup(tasks);
    }

    @Bean
    Tasks tasks(
            TaskStore store,
            JobStore jobs,
            Transactions transactions,
            TaskRunner runner,
            SchemaCompiler schemas,
            DeliveryPlanner planner,
            Signals signals,
            UuidV7 ids,
            InstantSource clock) {
        return new Tasks(
                store,
                new QueuedTasks(jobs, planner, signals),
                transactions,
                runner,
                schemas,
                new DocumentComparison(),
                ids,
                clock);
    }

    @Bean
    ExecutionEvents executionEvents() {
        return new ExecutionEvents();
    }

    @Bean
    HttpCache httpCache(RatchetConfig config, InstantSource clock) {
        var cache = config.cache().http();
        return new HttpCache(
                new HttpCacheSettings(
                        cache.enabled(), cache.maxBytes(), cache.defaultTtl(), cache.respectCacheControl()),
                clock);
    }

    @Bean
    RunResources runResources(OutboundHttp http, HttpCache cache, RatchetConfig config) {
        return new RunSupplies(http, cache, config.http().allowedPrivateHosts(), config.secrets());
    }

    /** Records as the configuration says, and replays what was recorded. */
    @Bean
    StoredRecordings recordings(TaskExecutor executor, InstantSource clock, RatchetConfig config) {
        StoredRecordings.Policy policy = config.execution().recording() == Recording.ALL
                ? StoredRecordings.Policy.ALL
                : StoredRecordings.Policy.FAILURES;
        return new StoredRecordings(executor, clock, policy, BodyLimits.DEFAULT);
    }

    @Bean
    FailureDetails failureDetails(InstantSource clock) {
        return new StoredFailures(clock);
    }

    @Bean
    NodeId node(UuidV7 ids) {
        return new NodeId(ids.next());
    }

    @Bean
    AttemptRunner attemptRunner(
            TaskStore tasks,
            JobStore jobs,
            ExecutionStore executions,
            TaskExecutor executor,
            RunResources resources,
            StoredRecordings recordings,
            ResultCache cache,
            DeliveryPlanner planner,
            FailureDetails failures,
            ExecutionEvents events,
            RatchetConfig config,
            UuidV7 ids,
            InstantSource clock) {
        SecureRandom random = new SecureRandom();
        Supplier<String> seeds = () -> {
            byte[] seed = new byte[SEED_BYTES];
            random.nextBytes(seed);
            return HexFormat.of().formatHex(seed);
        };
        RunRecorder recorder = config.execution().recording() == Recording.NONE ? RunRecorder.NONE : recordings;
        return new AttemptRunner(
                tasks,
                jobs,
                executions,
                executor,
                resources,
                recorder,
                cache,
                planner,
                failures,
                events,
                ids,
                seeds,
                random,
                clock);
    }

    @Bean(destroyMethod = "")
    Dispatcher dispatcher(
            JobStore jobs,
            NodeStore nodes,
            AttemptRunner runner,
            Signals signals,
            QueueSettings settings,
            InstantSource clock,
            NodeId node,
            ProcessFacts process) {
        return new Dispatcher(jobs, nodes, runner, signals, settings, clock, node, hostName() + ":" + process.pid());
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A machine without a name for itself; the process number tells enough.
            return "localhost";
        }
    }

    @Bean
    StopDeadline stopDeadline(RatchetConfig config) {
        return new StopDeadline(config.server().shutdownTimeout());
    }

    @Bean
    PhasedLifecycle dispatching(Dispatcher dispatcher, StopDeadline deadline, RatchetConfig config) {
        boolean alone = config.server().database().url() instanceof DatabaseUrl.Sqlite;
        return new PhasedLifecycle(
                Phase.DISPATCHER, "dispatcher", () -> dispatcher.start(alone), () -> dispatcher.close(deadline.left()));
    }

    @Bean
    Jobs jobs(
            TaskLookup tasks,
            JobStore jobs,
            TaskExecutor executor,
            Dispatcher dispatcher,
            ExecutionEvents events,
            QueueSettings settings,
            UuidV7 ids,
            InstantSource clock) {
        return new Jobs(tasks, jobs, executor, dispatcher, events, settings, ids, clock);
    }

    @Bean
    Executions executions(
            ExecutionStore executions,
            Jobs jobs,
            TaskLookup tasks,
            StoredRecordings recordings,
            ExecutionEvents events) {
        return new Executions(executions, jobs, tasks, recordings, events);
    }
}

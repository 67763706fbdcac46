package dev.ratchet.storage;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.common.UuidV7;
import dev.ratchet.core.delivery.DeliveryStore;
import dev.ratchet.core.delivery.NewDelivery;
import dev.ratchet.core.execution.Execution;
import dev.ratchet.core.execution.ExecutionEnd;
import dev.ratchet.core.execution.ExecutionError;
import dev.ratchet.core.execution.ExecutionStore;
import dev.ratchet.core.execution.OutcomeKind;
import dev.ratchet.core.execution.RunOrigin;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.NodeId;
import dev.ratchet.core.id.ScheduleId;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.id.VersionId;
import dev.ratchet.core.job.Acceptance;
import dev.ratchet.core.job.AttemptEnd;
import dev.ratchet.core.job.Claim;
import dev.ratchet.core.job.ConcurrencyLimit;
import dev.ratchet.core.job.Job;
import dev.ratchet.core.job.JobPriority;
import dev.ratchet.core.job.JobStatus;
import dev.ratchet.core.job.JobStore;
import dev.ratchet.core.job.NewJob;
import dev.ratchet.core.job.NodeStore;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.NetPermissions;
import dev.ratchet.core.task.ResultCachePolicy;
import dev.ratchet.core.task.RetryPolicy;
import dev.ratchet.core.task.Task;
import dev.ratchet.core.task.TaskCode;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskMetadata;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.core.task.TaskStore;
import dev.ratchet.core.task.TaskVersion;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A queue in a new database, a task in it, and short words for what tests do with them. */
final class QueueFixture {
    static final TenantId TENANT = TenantId.DEFAULT;
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final JsonText INPUT = new JsonText("{\"a\":1}");

    /** Opening one takes a second: the tests of one JVM share them, and each begins by emptying its own. */
    private static final Map<TestDatabase.Vendor, TestDatabase> DATABASES = new ConcurrentHashMap<>();

    private static final List<String> TABLES = List.of(
            "delivery_results",
            "deliveries",
            "execution_logs",
            "outgoing_requests",
            "executions",
            "jobs",
            "payloads",
            "idempotency_keys",
            "concurrency_slots",
            "task_counters",
            "schedules",
            "task_activations",
            "task_versions",
            "tasks",
            "tenants",
            "nodes");

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> DATABASES.values().forEach(TestDatabase::close)));
    }

    final TestDatabase database;
    final UuidV7 ids = new UuidV7(InstantSource.system(), new SecureRandom());
    final NodeId node;
    final Task task;

    QueueFixture(TestDatabase.Vendor vendor) {
        database = DATABASES.computeIfAbsent(vendor, TestDatabase::open);
        sql().commit(session -> {
            for (String table : TABLES) {
                session.update("delete from " + table);
            }
            return 0;
        });
        task = newTask("greet", TENANT, Optional.empty());
        node = newNode(NOW.plusSeconds(30));
    }

    JobStore jobs() {
        return database.get(JobStore.class);
    }

    NodeStore nodes() {
        return database.get(NodeStore.class);
    }

    ExecutionStore executions() {
        return database.get(ExecutionStore.class);
    }

    DeliveryStore deliveries() {
        return database.get(DeliveryStore.class);
    }

    Sql sql() {
        return database.get(Sql.class);
    }

    NodeId newNode(Instant leaseUntil) {
        NodeId id = new NodeId(ids.next());
        nodes().register(new NodeStore.Node(id, "node-" + id, NOW, leaseUntil));
        return id;
    }

    Task newTask(String name, TenantId tenant, Optional<ResultCachePolicy> cache) {
        TaskPackage content = content(name, cache);
        VersionId version = new VersionId(ids.next());
        Task made = new Task(
                new TaskId(ids.next()),
                tenant,
                name,
                name,
                "",
                List.of(),
                new JsonText("{}"),
                Optional.empty(),
                true,
                false,
                version,
                "1.0.0",
                content.contentHash(),
                Task.Source.API,
                NOW,
                NOW,
                Optional.empty(),
                1);
        database.get(TaskStore.class)
                .create(
                        made,
                        new TaskVersion(version, made.id(), content.contentHash(), 1, "1.0.0", NOW, "test", ""),
                        content);
        return made;
    }

    private static TaskPackage content(String name, Optional<ResultCachePolicy> cache) {
        TaskCode code = TaskCode.ofSingleFile("main.js", "(input) => input // " + name);
        return new TaskPackage(
                new TaskMetadata(name, name, "1.0.0", Optional.empty(), "", List.of(), "", "", new JsonText("{}")),
                code,
                Optional.empty(),
                Optional.empty(),
                TaskLimits.DEFAULTS,
                NetPermissions.ANY_PUBLIC_HOST,
                Set.of(),
                Optional.empty(),
                cache,
                false,
                Map.of(),
                new JsonText("{}"),
                ContentHash.of(code, new JsonText("{}")));
    }

    // ---- jobs

    /** A job as it is about to be accepted; the methods give changed copies. */
    record Draft(
            QueueFixture fixture,
            Task task,
            Instant at,
            Optional<Instant> scheduledFor,
            JobPriority priority,
            Optional<ConcurrencyLimit> concurrency,
            RetryPolicy retry,
            JsonText input,
            Optional<NewJob.Idempotency> key,
            Optional<ScheduleId> schedule,
            Optional<Instant> plannedFor,
            Optional<NodeId> startOn,
            Optional<ExecutionId> repeats) {
        Draft of(Task other) {
            return new Draft(
                    fixture,
                    other,
                    at,
                    scheduledFor,
                    priority,
                    concurrency,
                    retry,
                    input,
                    key,
                    schedule,
                    plannedFor,
                    startOn,
                    repeats);
        }

        Draft at(Instant time) {
            return new Draft(
                    fixture,
                    task,
                    time,
                    scheduledFor,
                    priority,
                    concurrency,
                    retry,
                    input,
                    key,
                    schedule,
                    plannedFor,
                    startOn,
                    repeats);
        }

        Draft later(Instant time) {
            return new Draft(
                    fixture,
                    task,
                    at,
                    Optional.of(time),
                    priority,
                    concurrency,
                    retry,
                    input,
                    key,
                    schedule,
                    plannedFor,
                    startOn,
                    repeats);
        }

        Draft with(JobPriority other) {
            return new Draft(
                    fixture,
                    task,
                    at,
                    scheduledFor,
                    other,
                    concurrency,
                    retry,
                    input,
                    key,
                    schedule,
                    plannedFor,
                    startOn,
                    repeats);
        }

        Draft alone(String name, int limit) {
            return new Draft(
                    fixture,
                    task,
                    at,
                    scheduledFor,
                    priority,
                    Optional.of(new ConcurrencyLimit(name, limit)),
                    retry,
                    input,
                    key,
                    schedule,
                    plannedFor,
                    startOn,
                    repeats);
        }

        Draft retries(int most) {
            return new Draft(
                    fixture,
                    task,
                    at,
                    scheduledFor,
                    priority,
                    concurrency,
                    retry.withMaxRetries(most),
                    input,
                    key,
                    schedule,
                    plannedFor,
                    startOn,
                    repeats);
        }

        Draft input(JsonText other) {
            return new Draft(
                    fixture,
                    task,
                    at,
                    scheduledFor,
                    priority,
                    concurrency,
                    retry,
                    other,
                    key,
                    schedule,
                    plannedFor,
                    startOn,
                    repeats);
        }

        Draft key(String name, String fingerprint, Instant expiresAt) {
            return new Draft(
                    fixture,
                    task,
                    at,
                    scheduledFor,
                    priority,
                    concurrency,
                    retry,
                    input,
                    Optional.of(new NewJob.Idempotency(name, fingerprint, expiresAt)),
                    schedule,
                    plannedFor,
                    startOn,
                    repeats);
        }

        Draft fire(ScheduleId id, Instant planned) {
            return new Draft(
                    fixture,
                    task,
                    at,
                    scheduledFor,
                    priority,
                    concurrency,
                    retry,
                    input,
                    key,
                    Optional.of(id),
                    Optional.of(planned),
                    startOn,
                    repeats);
        }

        Draft startOn(NodeId node) {
            return new Draft(
                    fixture,
                    task,
                    at,
                    scheduledFor,
                    priority,
                    concurrency,
                    retry,
                    input,
                    key,
                    schedule,
                    plannedFor,
                    Optional.of(node),
                    repeats);
        }

        Draft repeats(ExecutionId execution) {
            return new Draft(
                    fixture,
                    task,
                    at,
                    scheduledFor,
                    priority,
                    concurrency,
                    retry,
                    input,
                    key,
                    schedule,
                    plannedFor,
                    startOn,
                    Optional.of(execution));
        }

        NewJob made() {
            Job job = new Job(
                    new JobId(fixture.ids.next()),
                    task.tenant(),
                    task.id(),
                    task.active(),
                    repeats.isPresent() ? RunOrigin.RETRY : RunOrigin.API,
                    schedule,
                    "tester",
                    priority,
                    startOn.isPresent() ? JobStatus.PROCESSING : JobStatus.QUEUED,
                    0,
                    retry,
                    concurrency,
                    Optional.of(Duration.ofSeconds(7)),
                    List.of("blue", "a \"quoted\" one"),
                    Optional.of(new JsonText("[{\"type\":\"stdio\"}]")),
                    at,
                    scheduledFor,
                    scheduledFor.orElse(at),
                    startOn.map(_ -> at),
                    Optional.empty(),
                    new ExecutionId(fixture.ids.next()),
                    1,
                    Optional.empty(),
                    false,
                    false,
                    1);
            return new NewJob(job, input, key, plannedFor, repeats, startOn);
        }

        /** Accepts it. */
        Job accepted() {
            NewJob made = made();
            Acceptance acceptance = fixture.jobs().accept(made);
            if (!acceptance.equals(
                    new Acceptance.Accepted(made.job().id(), made.job().execution()))) {
                throw new AssertionError(acceptance);
            }
            return made.job();
        }
    }

    Draft draft() {
        return new Draft(
                this,
                task,
                NOW,
                Optional.empty(),
                JobPriority.NORMAL,
                Optional.empty(),
                new RetryPolicy(
                        3, RetryPolicy.Backoff.FIXED, Duration.ofSeconds(10), Duration.ofHours(1), false, false),
                INPUT,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    Claim claimOne() {
        List<Claim> claims = jobs().claim(node, 1, NOW);
        if (claims.size() != 1) {
            throw new AssertionError("one claim expected: " + claims);
        }
        return claims.getFirst();
    }

    /** Accepts a job and claims it. */
    Claim running() {
        return running(draft());
    }

    Claim running(Draft draft) {
        Job job = draft.accepted();
        Claim claim = claimOne();
        if (!claim.job().id().equals(job.id())) {
            throw new AssertionError("another job was claimed: " + claim);
        }
        return claim;
    }

    Job find(JobId id) {
        return jobs().find(TENANT, id).orElseThrow();
    }

    Job find(Claim claim) {
        return find(claim.job().id());
    }

    Execution execution(ExecutionId id) {
        return executions().find(TENANT, id).orElseThrow();
    }

    // ---- ends

    static ExecutionEnd success() {
        return success(new JsonText("2"));
    }

    static ExecutionEnd success(JsonText output) {
        return new ExecutionEnd(
                OutcomeKind.SUCCEEDED,
                Optional.of(output),
                Optional.empty(),
                Duration.ofMillis(20),
                Duration.ofMillis(10),
                3,
                5,
                Optional.empty());
    }

    static ExecutionEnd failure(OutcomeKind kind) {
        return new ExecutionEnd(
                kind,
                Optional.empty(),
                Optional.of(new ExecutionError("TypeError", "no \0 such thing", Optional.of(new JsonText("{}")))),
                Duration.ofMillis(20),
                Duration.ofMillis(10),
                0,
                0,
                Optional.empty());
    }

    static AttemptEnd end(Claim claim, ExecutionEnd end, AttemptEnd.Then then) {
        return end(claim, end, then, List.of());
    }

    static AttemptEnd end(Claim claim, ExecutionEnd end, AttemptEnd.Then then, List<NewDelivery> deliveries) {
        return new AttemptEnd(
                claim, end, NOW.plusSeconds(1), then, 0, List.of(), Optional.empty(), deliveries, Optional.empty());
    }

    static AttemptEnd succeeded(Claim claim) {
        return end(claim, success(), new AttemptEnd.Then.Done(JobStatus.COMPLETED));
    }

    static AttemptEnd failed(Claim claim) {
        return end(claim, failure(OutcomeKind.TASK_FAILED), new AttemptEnd.Then.Done(JobStatus.FAILED));
    }

    static AttemptEnd cancelled(Claim claim) {
        return end(claim, failure(OutcomeKind.CANCELLED), new AttemptEnd.Then.Done(JobStatus.CANCELLED));
    }

    AttemptEnd again(Claim claim, Instant dueAt) {
        return end(
                claim, failure(OutcomeKind.TASK_FAILED), new AttemptEnd.Then.Again(dueAt, new ExecutionId(ids.next())));
    }

    AttemptEnd handedBack(Claim claim) {
        return end(claim, failure(OutcomeKind.LOST), new AttemptEnd.Then.HandedBack(new ExecutionId(ids.next())));
    }
}

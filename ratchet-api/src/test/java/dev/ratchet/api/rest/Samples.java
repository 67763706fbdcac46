package dev.ratchet.api.rest;

import dev.ratchet.api.ApiServer;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.execution.Execution;
import dev.ratchet.core.execution.ExecutionError;
import dev.ratchet.core.execution.ExecutionStatus;
import dev.ratchet.core.execution.OutcomeKind;
import dev.ratchet.core.execution.RunOrigin;
import dev.ratchet.core.execution.StoredJson;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.id.VersionId;
import dev.ratchet.core.job.Job;
import dev.ratchet.core.job.JobPriority;
import dev.ratchet.core.job.JobStatus;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.NetPermissions;
import dev.ratchet.core.task.RetryPolicy;
import dev.ratchet.core.task.Task;
import dev.ratchet.core.task.TaskCode;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskMetadata;
import dev.ratchet.core.task.TaskPackage;
import dev.ratchet.core.task.TaskVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Stored things of one task called {@code greet}. */
final class Samples {
    static final Instant NOW = ApiServer.NOW;
    static final TaskId TASK = new TaskId(new UUID(1, 1));
    static final VersionId VERSION = new VersionId(new UUID(2, 2));
    static final JobId JOB = new JobId(new UUID(3, 3));
    static final ExecutionId EXECUTION = new ExecutionId(new UUID(4, 4));

    private Samples() {}

    static TaskPackage content(String source) {
        TaskCode code = TaskCode.ofSingleFile("main.js", source);
        return new TaskPackage(
                new TaskMetadata(
                        "greet", "greet", "1.0.0", Optional.empty(), "", List.of(), "", "", JsonText.EMPTY_OBJECT),
                code,
                Optional.of(new JsonText("{\"type\":\"object\"}")),
                Optional.empty(),
                TaskLimits.DEFAULTS,
                NetPermissions.ANY_PUBLIC_HOST,
                Set.of(),
                Optional.empty(),
                Optional.empty(),
                false,
                Map.of(),
                JsonText.EMPTY_OBJECT,
                ContentHash.of(code, JsonText.EMPTY_OBJECT));
    }

    static Task task() {
        return task(5);
    }

    static Task task(long revision) {
        return new Task(
                TASK,
                TenantId.DEFAULT,
                "greet",
                "greet",
                "",
                List.of("a"),
                new JsonText("{\"owner\":\"x\",\"keep\":1.10}"),
                Optional.empty(),
                true,
                false,
                VERSION,
                "1.0.0",
                content("1").contentHash(),
                Task.Source.API,
                NOW,
                NOW,
                Optional.of(NOW),
                revision);
    }

    static TaskVersion version() {
        return new TaskVersion(VERSION, TASK, content("1").contentHash(), 1, "1.0.0", NOW, "local", "");
    }

    static Job job(JobStatus status) {
        return new Job(
                JOB,
                TenantId.DEFAULT,
                TASK,
                VERSION,
                RunOrigin.API,
                Optional.empty(),
                "local",
                JobPriority.NORMAL,
                status,
                0,
                RetryPolicy.DEFAULT,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Optional.of(new JsonText("[{\"secret\":\"s\"}]")),
                NOW,
                Optional.empty(),
                NOW,
                Optional.empty(),
                Optional.empty(),
                EXECUTION,
                1,
                Optional.empty(),
                false,
                false,
                3);
    }

    static Execution execution(ExecutionStatus status) {
        return execution(status, new StoredJson.Inline(new JsonText("{\"b\":1e400}"), 11));
    }

    static Execution execution(ExecutionStatus status, StoredJson output) {
        boolean completed = status == ExecutionStatus.COMPLETED;
        boolean failed = status == ExecutionStatus.FAILED;
        return new Execution(
                EXECUTION,
                TenantId.DEFAULT,
                JOB,
                TASK,
                VERSION,
                Optional.empty(),
                RunOrigin.DIRECT,
                Optional.empty(),
                1,
                status,
                completed
                        ? Optional.of(OutcomeKind.SUCCEEDED)
                        : failed ? Optional.of(OutcomeKind.TASK_FAILED) : Optional.empty(),
                failed ? Optional.of(new ExecutionError("TypeError", "odd", Optional.empty())) : Optional.empty(),
                NOW,
                Optional.of(NOW),
                status.isTerminal() ? Optional.of(NOW) : Optional.empty(),
                Optional.of(Duration.ofMillis(12)),
                Optional.empty(),
                0,
                Optional.of(0.5),
                Optional.of("half"),
                new StoredJson.Inline(new JsonText("{\"n\":1.50}"), 10),
                completed ? Optional.of(output) : Optional.empty(),
                completed,
                Optional.empty(),
                Optional.of("node"),
                Optional.empty());
    }
}

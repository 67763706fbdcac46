package dev.ratchet.api.rest;

import dev.ratchet.api.json.View;
import dev.ratchet.api.web.ApiRouter;
import dev.ratchet.api.web.MemoryBudget;
import dev.ratchet.core.common.Caller;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.execution.Execution;
import dev.ratchet.core.execution.ExecutionError;
import dev.ratchet.core.execution.ExecutionStatus;
import dev.ratchet.core.execution.ExecutionStore.ExecutionStats;
import dev.ratchet.core.execution.ExecutionStore.NumberedLine;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.core.execution.OutcomeKind;
import dev.ratchet.core.execution.RunOrigin;
import dev.ratchet.core.execution.StoredJson;
import dev.ratchet.core.job.Executions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How executions are shown. */
final class ExecutionViews {
    static final View<Execution> EXECUTION = View.<Execution>named("Execution")
            .id("id", Execution::id)
            .id("uuid", Execution::id)
            .id("taskId", Execution::task)
            .id("versionId", Execution::version)
            .id("jobId", Execution::job)
            .optionalId("scheduleId", Execution::schedule)
            .choice("origin", RunOrigin.class, Execution::jobOrigin)
            .optionalId("repeats", Execution::origin)
            .integer("attempt", Execution::attempt)
            .json("input", execution -> execution.input().text())
            .json("output", execution -> execution.output().flatMap(StoredJson::text))
            .integer("inputBytes", execution -> execution.input().bytes())
            .optionalInteger("outputBytes", execution -> execution.output().map(StoredJson::bytes))
            .choice("status", ExecutionStatus.class, Execution::status)
            .optionalChoice("outcome", OutcomeKind.class, Execution::outcome)
            .optionalText("errorType", execution -> execution.error().map(ExecutionError::type))
            .optionalText("errorMessage", execution -> execution.error().map(ExecutionError::message))
            .json("errorDetails", execution -> execution.error().flatMap(ExecutionError::details))
            .time("queuedAt", Execution::queuedAt)
            .optionalTime("startedAt", Execution::startedAt)
            .optionalTime("completedAt", Execution::completedAt)
            .optionalInteger("durationMs", execution -> execution.wallTime().map(Duration::toMillis))
            .optionalInteger("cpuTimeMs", execution -> execution.cpuTime().map(Duration::toMillis))
            .integer("httpRequests", Execution::httpRequests)
            .optionalText("recordingPath", ExecutionViews::recordingPath)
            .flag("canRetry", execution -> execution.status().canRetry())
            .flag("canCancel", execution -> execution.status().canCancel())
            .optionalNumber("progress", Execution::progress)
            .optionalText("progressMessage", Execution::progressMessage)
            .optionalId("cachedFrom", Execution::cachedFrom)
            .optionalText("node", Execution::node)
            .optionalText("lateResult", Execution::lateResult)
            .build();

    static final View<ExecutionStats> STATS = View.<ExecutionStats>named("ExecutionStats")
            .integer("totalExecutions", stats -> stats.byStatus().values().stream()
                    .mapToLong(Long::longValue)
                    .sum())
            .integer("pendingExecutions", stats -> count(stats, ExecutionStatus.PENDING))
            .integer("runningExecutions", stats -> count(stats, ExecutionStatus.RUNNING))
            .integer("completedExecutions", stats -> count(stats, ExecutionStatus.COMPLETED))
            .integer("failedExecutions", stats -> count(stats, ExecutionStatus.FAILED))
            .integer("cancelledExecutions", stats -> count(stats, ExecutionStatus.CANCELLED))
            .number("averageDurationMs", ExecutionStats::averageMillis)
            .optionalNumber("successRate", ExecutionViews::successRate)
            .build();

    static final View<NumberedLine> LINE = View.<NumberedLine>named("LogLine")
            .integer("number", NumberedLine::number)
            .time("timestamp", line -> Instant.ofEpochMilli(line.line().epochMillis()))
            .choice("level", LogLine.Level.class, line -> line.line().level())
            .text("message", line -> line.line().message())
            .build();

    private ExecutionViews() {}

    /** An execution with its documents in full, for which room is taken first where they are large. */
    static Execution whole(Executions executions, Caller caller, Execution outline, MemoryBudget.Hold memory)
            throws InterruptedException {
        boolean complete = outline.input().text().isPresent()
                && outline.output().stream().allMatch(output -> output.text().isPresent());
        if (complete) {
            return outline;
        }
        memory.take(outline.input().bytes()
                + outline.output().map(StoredJson::bytes).orElse(0L));
        return executions.get(caller, outline.id());
    }

    /**
     * The same for one that was just made or changed: that it was is to be answered, even when there is no room for its
     * documents, which are left out then.
     */
    static Execution made(Executions executions, Caller caller, Execution outline, MemoryBudget.Hold memory)
            throws InterruptedException {
        try {
            return whole(executions, caller, outline, memory);
        } catch (RatchetException e) {
            if (e.code() != ErrorCode.RATE_LIMITED) {
                throw e;
            }
            return outline;
        }
    }

    private static Optional<String> recordingPath(Execution execution) {
        return execution.hasRecording()
                ? Optional.of(ApiRouter.PREFIX + "/executions/" + execution.id() + "/recording")
                : Optional.empty();
    }

    private static Optional<Double> successRate(ExecutionStats stats) {
        long completed = count(stats, ExecutionStatus.COMPLETED);
        long ended = completed + count(stats, ExecutionStatus.FAILED);
        return ended == 0 ? Optional.empty() : Optional.of((double) completed / ended);
    }

    private static long count(ExecutionStats stats, ExecutionStatus status) {
        return stats.byStatus().getOrDefault(status, 0L);
    }
}

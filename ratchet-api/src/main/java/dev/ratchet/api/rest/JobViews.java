package dev.ratchet.api.rest;

import dev.ratchet.api.json.View;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.execution.RunOrigin;
import dev.ratchet.core.job.ConcurrencyLimit;
import dev.ratchet.core.job.Job;
import dev.ratchet.core.job.JobPriority;
import dev.ratchet.core.job.JobStatus;
import dev.ratchet.core.job.JobStore.JobStats;
import dev.ratchet.core.job.Jobs;
import dev.ratchet.core.task.RetryPolicy;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** How jobs are shown. */
final class JobViews {
    /**
     * A job with what is read separately.
     *
     * @param input in full; empty where it was not read
     * @param destinations without secrets
     */
    record Shown(Job job, Optional<JsonText> input, Optional<JsonText> destinations) {}

    static final View<RetryPolicy> RETRY = View.<RetryPolicy>named("RetryPolicy")
            .integer("maxRetries", RetryPolicy::maxRetries)
            .choice("backoff", RetryPolicy.Backoff.class, RetryPolicy::backoff)
            .number("initialDelaySeconds", retry -> seconds(retry.initialDelay()))
            .number("maxDelaySeconds", retry -> seconds(retry.maxDelay()))
            .flag("jitter", RetryPolicy::jitter)
            .flag("retryUnsafe", RetryPolicy::retryUnsafe)
            .build();

    static final View<Shown> JOB = View.<Shown>named("Job")
            .id("id", shown -> shown.job().id())
            .id("uuid", shown -> shown.job().id())
            .id("taskId", shown -> shown.job().task())
            .id("versionId", shown -> shown.job().version())
            .id("executionId", shown -> shown.job().execution())
            .optionalId("scheduleId", shown -> shown.job().schedule())
            .choice("origin", RunOrigin.class, shown -> shown.job().origin())
            .text("actor", shown -> shown.job().actor())
            .choice("priority", JobPriority.class, shown -> shown.job().priority())
            .choice("status", JobStatus.class, shown -> shown.job().status())
            .integer("attempt", shown -> shown.job().attempt())
            .integer("retryCount", shown -> shown.job().retryCount())
            .integer("maxRetries", shown -> shown.job().retry().maxRetries())
            .object("retryPolicy", RETRY, shown -> shown.job().retry())
            .time("queuedAt", shown -> shown.job().queuedAt())
            .optionalTime("scheduledFor", shown -> shown.job().scheduledFor())
            .time("dueAt", shown -> shown.job().dueAt())
            .optionalTime("startedAt", shown -> shown.job().startedAt())
            .optionalTime("completedAt", shown -> shown.job().completedAt())
            .optionalText("errorMessage", shown -> shown.job().errorMessage())
            .json("outputDestinations", Shown::destinations)
            .json("input", Shown::input)
            .texts("tags", shown -> shown.job().tags())
            .optionalText("concurrencyKey", shown -> shown.job().concurrency().map(ConcurrencyLimit::key))
            .optionalInteger(
                    "concurrencyLimit", shown -> shown.job().concurrency().map(limit -> (long) limit.limit()))
            .optionalNumber("timeoutSeconds", shown -> shown.job().timeout().map(JobViews::seconds))
            .flag("cancelRequested", shown -> shown.job().cancelRequested())
            .flag("deadLetter", shown -> isDeadLetter(shown.job()))
            .flag("canCancel", shown -> !shown.job().status().isTerminal())
            .flag(
                    "canRetry",
                    shown -> shown.job().status().allows(JobStatus.RETRYING)
                            && shown.job().status().isTerminal())
            .integer("revision", shown -> shown.job().revision())
            .build();

    /** Numbers over jobs, with whether any of them starts. */
    record Numbers(JobStats stats, boolean paused) {}

    static final View<Numbers> STATS = View.<Numbers>named("JobStats")
            .integer("totalJobs", numbers -> sum(numbers.stats().byStatus()))
            .integer("queuedJobs", numbers -> count(numbers, JobStatus.QUEUED))
            .integer("processingJobs", numbers -> count(numbers, JobStatus.PROCESSING))
            .integer("retryingJobs", numbers -> count(numbers, JobStatus.RETRYING))
            .integer("completedJobs", numbers -> count(numbers, JobStatus.COMPLETED))
            .integer("failedJobs", numbers -> count(numbers, JobStatus.FAILED))
            .integer("cancelledJobs", numbers -> count(numbers, JobStatus.CANCELLED))
            .number("averageDurationMs", numbers -> numbers.stats().averageMillis())
            .optionalTime("oldestWaiting", numbers -> numbers.stats().oldestWaiting())
            .flag("queuePaused", Numbers::paused)
            .build();

    static final View<Jobs.Bulk> BULK = View.<Jobs.Bulk>named("BulkResult")
            .integer("done", Jobs.Bulk::done)
            .integer("skipped", Jobs.Bulk::skipped)
            .flag("more", Jobs.Bulk::more)
            .build();

    static final View<Numbers> QUEUE = View.<Numbers>named("Queue")
            .flag("paused", Numbers::paused)
            .integer("waiting", numbers -> count(numbers, JobStatus.QUEUED) + count(numbers, JobStatus.RETRYING))
            .integer("running", numbers -> count(numbers, JobStatus.PROCESSING))
            .optionalTime("oldestWaiting", numbers -> numbers.stats().oldestWaiting())
            .build();

    private JobViews() {}

    private static boolean isDeadLetter(Job job) {
        return job.status() == JobStatus.FAILED && !job.redriven();
    }

    private static long count(Numbers numbers, JobStatus status) {
        return numbers.stats().byStatus().getOrDefault(status, 0L);
    }

    private static long sum(Map<JobStatus, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}

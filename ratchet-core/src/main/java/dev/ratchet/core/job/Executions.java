package dev.ratchet.core.job;

import dev.ratchet.core.common.Caller;
import dev.ratchet.core.common.Cancellation.Registration;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.execution.Execution;
import dev.ratchet.core.execution.ExecutionEvent;
import dev.ratchet.core.execution.ExecutionEvent.StatusChanged;
import dev.ratchet.core.execution.ExecutionEvents;
import dev.ratchet.core.execution.ExecutionField;
import dev.ratchet.core.execution.ExecutionStatus;
import dev.ratchet.core.execution.ExecutionStore;
import dev.ratchet.core.execution.ExecutionStore.NumberedLine;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.core.execution.Replayer;
import dev.ratchet.core.execution.RunOrigin;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.VersionId;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;
import dev.ratchet.core.task.Task;
import dev.ratchet.core.task.TaskLookup;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The use cases of executions: looking at them, waiting for them, running them again. Thread-safe. */
public final class Executions {
    /** Most log lines of one answer. */
    public static final int MAX_LOG_LINES = 1_000;

    /** How often a waiting caller looks for an end that no event told of: executions of other nodes. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final ExecutionStore executions;
    private final Jobs jobs;
    private final TaskLookup tasks;
    private final Replayer replayer;
    private final ExecutionEvents events;

    public Executions(
            ExecutionStore executions, Jobs jobs, TaskLookup tasks, Replayer replayer, ExecutionEvents events) {
        this.executions = Objects.requireNonNull(executions, "executions");
        this.jobs = Objects.requireNonNull(jobs, "jobs");
        this.tasks = Objects.requireNonNull(tasks, "tasks");
        this.replayer = Objects.requireNonNull(replayer, "replayer");
        this.events = Objects.requireNonNull(events, "events");
    }

    /**
     * One execution, with input and output in full.
     *
     * @throws RatchetException NOT_FOUND
     */
    public Execution get(Caller caller, ExecutionId id) {
        return executions
                .find(caller.tenant(), id)
                .orElseThrow(() -> new RatchetException(ErrorCode.NOT_FOUND, "there is no execution " + id));
    }

    /**
     * One execution, with input and output where they are small; for whoever looks often, or wants to know the sizes first.
     *
     * @throws RatchetException NOT_FOUND
     */
    public Execution outline(Caller caller, ExecutionId id) {
        return executions
                .outline(caller.tenant(), id)
                .orElseThrow(() -> new RatchetException(ErrorCode.NOT_FOUND, "there is no execution " + id));
    }

    /** Executions, with inputs and outputs where they are small. */
    public Listing<Execution> list(Caller caller, ListQuery<ExecutionField> query) {
        return executions.list(caller.tenant(), query);
    }

    /** The attempts of a job in order. */
    public List<Execution> ofJob(Caller caller, JobId job) {
        jobs.get(caller, job);
        return executions.ofJob(caller.tenant(), job);
    }

    /** Numbers over the executions queued since {@code since}. */
    public ExecutionStore.ExecutionStats stats(Caller caller, Instant since) {
        return executions.stats(caller.tenant(), since);
    }

    /**
     * Waits until an execution has ended.
     *
     * @return as it is then, or after {@code atMost}, with input and output where they are small
     * @throws RatchetException NOT_FOUND
     */
    public Execution await(Caller caller, ExecutionId id, Duration atMost) {
        CountDownLatch ended = new CountDownLatch(1);
        try (Registration _ = events.subscribe(id, event -> {
            if (event instanceof StatusChanged(ExecutionId _, ExecutionStatus status) && status.isTerminal()) {
                ended.countDown();
            }
        })) {
            long deadline = System.nanoTime() + atMost.toNanos();
            Execution execution = outline(caller, id);
            while (!execution.status().isTerminal()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return execution;
                }
                boolean heard = ended.await(Math.min(left, LOOK.toNanos()), TimeUnit.NANOSECONDS);
                execution = outline(caller, id);
                if (heard && !execution.status().isTerminal()) {
                    throw new IllegalStateException("execution " + id + " was said to have ended and has not");
                }
            }
            return execution;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RatchetException(ErrorCode.SERVICE_UNAVAILABLE, "stopped waiting for execution " + id, e);
        }
    }

    /** Hears what happens to an execution on this node until the registration is closed. */
    public Registration follow(ExecutionId id, Consumer<ExecutionEvent> listener) {
        return events.subscribe(id, listener);
    }

    /**
     * Stored lines of an execution's log in order.
     *
     * @param from number of the first line wanted, from 0
     * @param limit 1 to {@link #MAX_LOG_LINES}
     * @throws RatchetException NOT_FOUND
     */
    public List<NumberedLine> log(
            Caller caller, ExecutionId id, long from, LogLine.Level atLeast, String containing, int limit) {
        outline(caller, id);
        return executions.log(caller.tenant(), id, from, atLeast, containing, Math.min(limit, MAX_LOG_LINES));
    }

    /**
     * What was kept for a replay, in the form that {@code ratchet replay} reads.
     *
     * @throws RatchetException NOT_FOUND, also when nothing was kept
     */
    public JsonText recording(Caller caller, ExecutionId id) {
        get(caller, id);
        return executions
                .recording(caller.tenant(), id)
                .orElseThrow(
                        () -> new RatchetException(ErrorCode.NOT_FOUND, "no recording was kept of execution " + id));
    }

    /**
     * Runs a recorded execution once more, offline, with the recorded answers. Nothing of it is stored.
     *
     * @param version of the execution's task; empty for the one that was recorded
     * @return a report as a JSON object: whether both runs are equal, and where they differ
     * @throws RatchetException NOT_FOUND, or WORKER_UNAVAILABLE
     */
    public JsonText replay(Caller caller, ExecutionId id, Optional<String> version) {
        Execution execution = get(caller, id);
        JsonText recording = recording(caller, id);
        Task task = tasks.task(caller, execution.task().toString());
        VersionId on =
                version.map(reference -> tasks.version(task, reference).id()).orElse(execution.version());
        try {
            return replayer.replay(recording, tasks.content(task, on)).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RatchetException expected) {
                throw expected;
            }
            throw e;
        }
    }

    /**
     * Stops an execution by cancelling its job.
     *
     * @return as it is then, with input and output where they are small
     * @throws RatchetException NOT_FOUND, or CONFLICT when it has ended
     */
    public Execution cancel(Caller caller, ExecutionId id, String reason) {
        Execution execution = outline(caller, id);
        if (execution.status().isTerminal()) {
            throw new RatchetException(
                    ErrorCode.CONFLICT, "execution " + id + " is " + execution.status() + " and cannot be cancelled");
        }
        jobs.cancel(caller, execution.job(), reason);
        return outline(caller, id);
    }

    /**
     * Removes an ended attempt with its log, recording and deliveries, and with a job's only attempt the job, as deleting
     * the job does. The attempt that a job stands with stays as long as it has others: it is the job's result.
     *
     * @throws RatchetException NOT_FOUND, or CONFLICT when it has not ended, it is an earlier one and deliveries of it are
     *     under way, or the job stands with it
     */
    public void delete(Caller caller, ExecutionId id) {
        Execution execution = outline(caller, id);
        if (!execution.status().isTerminal()) {
            throw new RatchetException(
                    ErrorCode.CONFLICT,
                    "execution " + id + " is " + execution.status() + "; cancel it before deleting it");
        }
        Job job = jobs.get(caller, execution.job());
        if (!job.execution().equals(id)) {
            jobs.deleteAttempt(caller, id);
        } else if (executions.ofJob(caller.tenant(), job.id()).size() == 1) {
            jobs.delete(caller, job.id());
        } else {
            throw new RatchetException(
                    ErrorCode.CONFLICT,
                    "execution " + id + " is what job " + job.id() + " stands with, and there are earlier attempts;"
                            + " delete those first, or the job with all of them");
        }
    }

    /**
     * Runs the input of a failed or cancelled execution again, as a new job on the active version.
     *
     * @param input to run instead; empty for the same
     * @throws RatchetException NOT_FOUND, CONFLICT when it has not failed, or as {@link Jobs#submit}
     */
    public Submission retry(Caller caller, ExecutionId id, Optional<JsonText> input) {
        Execution execution = get(caller, id);
        if (!execution.status().canRetry()) {
            throw new RatchetException(
                    ErrorCode.CONFLICT, "execution " + id + " is " + execution.status() + " and cannot be retried");
        }
        Job job = jobs.get(caller, execution.job());
        return jobs.submit(
                caller,
                new JobRequest(
                        execution.task().toString(),
                        Optional.empty(),
                        input.orElseGet(() -> execution.input().text().orElseThrow()),
                        RunOrigin.RETRY,
                        job.priority(),
                        Optional.empty(),
                        Optional.of(job.retry().maxRetries()),
                        Optional.of(job.retry()),
                        job.concurrency(),
                        job.timeout(),
                        job.tags(),
                        job.destinations(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(id)));
    }
}

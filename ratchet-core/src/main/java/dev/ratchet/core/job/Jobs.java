package dev.ratchet.core.job;

import dev.ratchet.core.common.Caller;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.common.UuidV7;
import dev.ratchet.core.execution.ExecutionEvent;
import dev.ratchet.core.execution.ExecutionEvents;
import dev.ratchet.core.execution.ExecutionStatus;
import dev.ratchet.core.execution.RunOrigin;
import dev.ratchet.core.execution.TaskExecutor;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.NodeId;
import dev.ratchet.core.id.VersionId;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;
import dev.ratchet.core.listing.Slice;
import dev.ratchet.core.task.RetryPolicy;
import dev.ratchet.core.task.Task;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskLookup;
import dev.ratchet.core.task.TaskPackage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The use cases of the queue: accepting, looking at, changing, cancelling and retrying jobs. Thread-safe. */
public final class Jobs {
    /** Largest input in UTF-8 bytes. */
    public static final int MAX_INPUT_BYTES = 10 * 1024 * 1024;

    /** Most jobs one bulk call touches. */
    public static final int MAX_BULK = 10_000;

    private static final int MAX_KEY = 255;
    private static final int MAX_TAG = 100;

    private final TaskLookup tasks;
    private final JobStore jobs;
    private final TaskExecutor executor;
    private final Dispatcher dispatcher;
    private final ExecutionEvents events;
    private final QueueSettings settings;
    private final UuidV7 ids;
    private final InstantSource clock;

    public Jobs(
            TaskLookup tasks,
            JobStore jobs,
            TaskExecutor executor,
            Dispatcher dispatcher,
            ExecutionEvents events,
            QueueSettings settings,
            UuidV7 ids,
            InstantSource clock) {
        this.tasks = Objects.requireNonNull(tasks, "tasks");
        this.jobs = Objects.requireNonNull(jobs, "jobs");
        this.executor = Objects.requireNonNull(executor, "executor");
        this.dispatcher = Objects.requireNonNull(dispatcher, "dispatcher");
        this.events = Objects.requireNonNull(events, "events");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.ids = Objects.requireNonNull(ids, "ids");
        this.clock = Objects.requireNonNull(clock, "clock");
    }

    /**
     * Accepts a job. When this returns, the job is durable and will come to an end.
     *
     * @throws RatchetException NOT_FOUND for the task or version, CONFLICT for a disabled task or a fire that was made
     *     before, VALIDATION_ERROR for the input or another part of the request, IDEMPOTENCY_MISMATCH for a key that
     *     belongs to another request, RATE_LIMITED when the queue is full
     */
    public Submission submit(Caller caller, JobRequest request) {
        dispatcher.requireRoom();
        Prepared prepared = prepared(caller, request);
        Job job = prepared.job();
        boolean atOnce = request.origin() == RunOrigin.DIRECT && startsAtOnce(prepared);
        if (atOnce && dispatcher.reserve()) {
            return started(prepared);
        }
        Acceptance acceptance = jobs.accept(prepared.stored(job, Optional.empty()));
        Submission submission = submission(request, job, acceptance);
        if (!submission.repeated()) {
            dispatcher.accepted(job.dueAt());
        }
        return submission;
    }

    /** A request that was found right, with nothing left to do but to store it. */
    public static final class Ready {
        private final Prepared prepared;

        private Ready(Prepared prepared) {
            this.prepared = prepared;
        }

        /** The job it becomes. */
        public JobId job() {
            return prepared.job().id();
        }
    }

    /**
     * Finds out whether a job can be accepted, before the transaction that accepts it with {@link #submitWithin}.
     *
     * @throws RatchetException as {@link #submit} does
     */
    public Ready prepare(Caller caller, JobRequest request) {
        dispatcher.requireRoom();
        return new Ready(prepared(caller, request));
    }

    /** Accepts a job in the caller's write transaction; once that is committed, the caller tells {@link #submitted}. */
    public Acceptance submitWithin(Ready ready) {
        return jobs.acceptWithin(ready.prepared.stored(ready.prepared.job(), Optional.empty()));
    }

    /** A job accepted by {@link #submitWithin} is committed. */
    public void submitted(Ready ready) {
        dispatcher.accepted(ready.prepared.job().dueAt());
    }

    /** What is paused, is to start later or must not run beside others takes its turn like all others. */
    private boolean startsAtOnce(Prepared prepared) {
        Job job = prepared.job();
        return job.scheduledFor().isEmpty()
                && job.concurrency().isEmpty()
                && !prepared.paused()
                && !jobs.isQueuePaused(job.tenant());
    }

    /** Stores a job as running and runs it: one write instead of two. */
    private Submission started(Prepared prepared) {
        boolean runs = false;
        try {
            Job job = prepared.job().startedAt(clock.instant());
            Acceptance acceptance = jobs.accept(prepared.stored(job, Optional.of(dispatcher.node())));
            Submission submission = submission(prepared.request(), job, acceptance);
            if (!submission.repeated()) {
                runs = true;
                dispatcher.runReserved(new Claim(job, prepared.request().input(), Claim.FIRST_TOKEN));
            }
            return submission;
        } finally {
            if (!runs) {
                dispatcher.unreserve();
            }
        }
    }

    private static Submission submission(JobRequest request, Job job, Acceptance acceptance) {
        return switch (acceptance) {
            case Acceptance.Accepted(JobId id, ExecutionId execution) -> new Submission(id, execution, false);
            case Acceptance.Repeated(JobId id, ExecutionId execution) -> new Submission(id, execution, true);
            case Acceptance.KeyTaken(JobId other) ->
                throw new RatchetException(
                        ErrorCode.IDEMPOTENCY_MISMATCH,
                        "the idempotency key was used for another request, which made job " + other
                                + "; use a new key for a new request");
            case Acceptance.FiredBefore _ ->
                throw new RatchetException(
                        ErrorCode.CONFLICT,
                        "schedule " + job.schedule().orElseThrow() + " has fired for "
                                + request.schedule()
                                        .flatMap(JobRequest.Fire::plannedFor)
                                        .orElseThrow()
                                + " already");
        };
    }

    private record Prepared(JobRequest request, Job job, boolean paused, Optional<NewJob.Idempotency> idempotency) {
        NewJob stored(Job as, Optional<NodeId> startOn) {
            return new NewJob(
                    as,
                    request.input(),
                    idempotency,
                    request.schedule().flatMap(JobRequest.Fire::plannedFor),
                    request.repeats(),
                    startOn);
        }
    }

    private Prepared prepared(Caller caller, JobRequest request) {
        check(request);
        Task task = tasks.task(caller, request.task());
        if (!task.enabled()) {
            throw new RatchetException(ErrorCode.CONFLICT, "task " + task.name() + " is disabled");
        }
        VersionId version = request.version()
                .map(reference -> tasks.version(task, reference).id())
                .orElse(task.active());
        TaskPackage content = tasks.content(task, version);
        List<Problem> problems = executor.inputProblems(content, request.input());
        if (!problems.isEmpty()) {
            throw new RatchetException(
                    ErrorCode.VALIDATION_ERROR,
                    "the input does not satisfy the input schema of " + task.name(),
                    problems);
        }
        Instant now = clock.instant();
        RetryPolicy declared = request.retry().or(content::retry).orElse(settings.retry());
        RetryPolicy retry = request.maxRetries().map(declared::withMaxRetries).orElse(declared);
        Job job = new Job(
                new JobId(ids.next()),
                caller.tenant(),
                task.id(),
                version,
                request.origin(),
                request.schedule().map(JobRequest.Fire::schedule),
                caller.actor(),
                request.priority(),
                JobStatus.QUEUED,
                0,
                // Somebody waits for a direct run, and decides for himself whether to try again.
                request.origin() == RunOrigin.DIRECT && request.maxRetries().isEmpty()
                        ? retry.withMaxRetries(0)
                        : retry,
                request.concurrency(),
                request.timeout(),
                request.tags(),
                request.destinations(),
                now,
                request.scheduledFor().filter(later -> later.isAfter(now)),
                request.scheduledFor().filter(later -> later.isAfter(now)).orElse(now),
                Optional.empty(),
                Optional.empty(),
                new ExecutionId(ids.next()),
                1,
                Optional.empty(),
                false,
                false,
                1);
        Optional<NewJob.Idempotency> idempotency = request.idempotencyKey()
                .map(key ->
                        new NewJob.Idempotency(key, fingerprint(job, request), now.plus(settings.idempotencyTtl())));
        return new Prepared(request, job, task.paused(), idempotency);
    }

    private static void check(JobRequest request) {
        List<Problem> problems = new ArrayList<>();
        int bytes = request.input().sizeInBytes();
        if (bytes > MAX_INPUT_BYTES) {
            problems.add(Problem.of("input", "has " + bytes + " bytes; accepted: at most " + MAX_INPUT_BYTES));
        }
        request.idempotencyKey()
                .filter(key -> !isLabel(key, MAX_KEY))
                .ifPresent(_ -> problems.add(Problem.of(
                        "Idempotency-Key",
                        "must have 1 to " + MAX_KEY + " characters, none of them a control character")));
        request.concurrency()
                .filter(limit -> !isLabel(limit.key(), MAX_KEY))
                .ifPresent(_ -> problems.add(Problem.of("concurrencyKey", "must not have control characters")));
        request.maxRetries()
                .filter(retries -> retries < 0 || retries > JobRequest.MAX_RETRIES)
                .ifPresent(retries -> problems.add(Problem.of(
                        "maxRetries", retries + " is out of range; accepted: 0 to " + JobRequest.MAX_RETRIES)));
        request.timeout()
                .filter(timeout -> !timeout.isPositive() || timeout.compareTo(TaskLimits.CEILING.wallTime()) > 0)
                .ifPresent(timeout -> problems.add(Problem.of(
                        "timeout",
                        timeout + " is out of range; accepted: above 0, at most " + TaskLimits.CEILING.wallTime())));
        if (request.tags().size() > JobRequest.MAX_TAGS
                || request.tags().stream().anyMatch(tag -> !isLabel(tag, MAX_TAG))) {
            problems.add(Problem.of(
                    "tags",
                    "accepted: at most " + JobRequest.MAX_TAGS + " labels of 1 to " + MAX_TAG
                            + " characters, none of them a control character"));
        }
        if (!problems.isEmpty()) {
            throw new RatchetException(ErrorCode.VALIDATION_ERROR, "the job cannot be accepted", problems);
        }
    }

    private static boolean isLabel(String text, int most) {
        return !text.isBlank() && text.length() <= most && text.chars().noneMatch(Character::isISOControl);
    }

    /** Everything of a request that makes it another one, as a digest. */
    private static String fingerprint(Job job, JobRequest request) {
        List<String> parts = List.of(
                job.task().toString(),
                request.version().orElse(""),
                request.input().value(),
                request.origin().name(),
                request.priority().name(),
                request.scheduledFor().map(Instant::toString).orElse(""),
                request.maxRetries().map(String::valueOf).orElse(""),
                request.retry().map(RetryPolicy::toString).orElse(""),
                request.concurrency().map(ConcurrencyLimit::toString).orElse(""),
                request.timeout().map(Duration::toString).orElse(""),
                request.tags().toString(),
                request.destinations().map(JsonText::value).orElse(""));
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String part : parts) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
                digest.update(bytes);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * One job.
     *
     * @throws RatchetException NOT_FOUND
     */
    public Job get(Caller caller, JobId id) {
        return jobs.find(caller.tenant(), id).orElseThrow(() -> unknown(id));
    }

    /**
     * A job's input in full.
     *
     * @throws RatchetException NOT_FOUND
     */
    public JsonText input(Caller caller, JobId id) {
        return jobs.input(caller.tenant(), id).orElseThrow(() -> unknown(id));
    }

    /** Jobs. */
    public Listing<Job> list(Caller caller, ListQuery<JobField> query) {
        return jobs.list(caller.tenant(), query);
    }

    /** Numbers over the tenant's jobs. */
    public JobStore.JobStats stats(Caller caller) {
        return jobs.stats(caller.tenant());
    }

    /**
     * Replaces what may be changed of a job that has not ended.
     *
     * @param job as {@link #get} gave it, with the changes; its revision tells what the caller has seen
     * @throws RatchetException PRECONDITION_FAILED when it has changed meanwhile, CONFLICT when it has ended
     */
    public Job update(Caller caller, Job job) {
        Job before = get(caller, job.id());
        if (before.revision() != job.revision()) {
            throw new RatchetException(
                    ErrorCode.PRECONDITION_FAILED,
                    "job " + job.id() + " has changed: it is at revision " + before.revision() + ", not "
                            + job.revision());
        }
        if (before.status() == JobStatus.PROCESSING || before.status().isTerminal()) {
            throw new RatchetException(
                    ErrorCode.CONFLICT, "job " + job.id() + " is " + before.status() + " and cannot be changed");
        }
        if (!jobs.update(job.withRevision(before.revision() + 1))) {
            throw new RatchetException(ErrorCode.PRECONDITION_FAILED, "job " + job.id() + " has changed meanwhile");
        }
        dispatcher.dueAgain();
        return get(caller, job.id());
    }

    /**
     * Stops a job: at once where it waits, otherwise by abort signal, grace and force.
     *
     * @return as it is now; CANCELLED, or still PROCESSING while it is being stopped
     * @throws RatchetException NOT_FOUND, or CONFLICT when it has ended
     */
    public Job cancel(Caller caller, JobId id, String reason) {
        switch (jobs.cancel(caller.tenant(), id, reason, clock.instant(), dispatcher.planner())) {
            case JobStore.Cancellation.Unknown _ -> throw unknown(id);
            case JobStore.Cancellation.Ended(JobStatus status) ->
                throw new RatchetException(
                        ErrorCode.CONFLICT, "job " + id + " is " + status + " and cannot be cancelled");
            case JobStore.Cancellation.Done(ExecutionId execution) ->
                events.publish(new ExecutionEvent.StatusChanged(execution, ExecutionStatus.CANCELLED));
            case JobStore.Cancellation.Requested _ -> dispatcher.cancel(id);
        }
        return get(caller, id);
    }

    /**
     * Tries a failed or cancelled job again, or a waiting one at once.
     *
     * @throws RatchetException NOT_FOUND, or CONFLICT when it runs or has succeeded
     */
    public Job retry(Caller caller, JobId id) {
        switch (jobs.redrive(caller.tenant(), id, new ExecutionId(ids.next()), clock.instant())) {
            case JobStore.Redrive.Unknown _ -> throw unknown(id);
            case JobStore.Redrive.NotPossible(JobStatus status) ->
                throw new RatchetException(
                        ErrorCode.CONFLICT, "job " + id + " is " + status + " and cannot be retried");
            case JobStore.Redrive.Done _ -> dispatcher.released();
        }
        return get(caller, id);
    }

    /**
     * Removes an ended job with all its executions.
     *
     * @throws RatchetException NOT_FOUND, or CONFLICT when it has not ended
     */
    public void delete(Caller caller, JobId id) {
        Job job = get(caller, id);
        if (!job.status().isTerminal() || !jobs.delete(caller.tenant(), id)) {
            throw new RatchetException(
                    ErrorCode.CONFLICT, "job " + id + " is " + job.status() + "; cancel it before deleting it");
        }
    }

    /** Removes an ended attempt that its job does not stand with. */
    void deleteAttempt(Caller caller, ExecutionId id) {
        if (!jobs.deleteAttempt(caller.tenant(), id)) {
            throw new RatchetException(
                    ErrorCode.CONFLICT,
                    "execution " + id + " cannot be deleted: deliveries of its result are under way, or it has just"
                            + " been deleted");
        }
    }

    /**
     * What a bulk call did.
     *
     * @param done jobs it changed
     * @param skipped jobs that were in no state for it by the time it came to them
     * @param more whether there were more than {@link #MAX_BULK}
     */
    public record Bulk(int done, int skipped, boolean more) {}

    /** Cancels every job of the list, page by page; the query's own slice does not matter. */
    public Bulk cancelAll(Caller caller, ListQuery<JobField> query, String reason) {
        return each(caller, query, job -> cancel(caller, job.id(), reason));
    }

    /** Retries every job of the list. */
    public Bulk retryAll(Caller caller, ListQuery<JobField> query) {
        return each(caller, query, job -> retry(caller, job.id()));
    }

    private interface Change {
        Job apply(Job job);
    }

    private Bulk each(Caller caller, ListQuery<JobField> query, Change change) {
        // What is to be changed is fixed first, for the changes alter the list.
        List<Job> found = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            Listing<Job> page = jobs.list(
                    caller.tenant(),
                    new ListQuery<>(query.conditions(), List.of(), new Slice.After(cursor, Slice.MAX_LIMIT)));
            found.addAll(page.items());
            cursor = page.nextCursor();
        } while (cursor.isPresent() && found.size() < MAX_BULK);
        int done = 0;
        int skipped = 0;
        for (Job job : found) {
            try {
                change.apply(job);
                done++;
            } catch (RatchetException e) {
                if (e.code() != ErrorCode.CONFLICT && e.code() != ErrorCode.NOT_FOUND) {
                    throw e;
                }
                skipped++;
            }
        }
        return new Bulk(done, skipped, cursor.isPresent());
    }

    /** Stops the claiming of all the tenant's jobs; what runs goes on. */
    public void pauseQueue(Caller caller) {
        jobs.pauseQueue(caller.tenant(), true);
    }

    /** Lets claiming go on. */
    public void resumeQueue(Caller caller) {
        jobs.pauseQueue(caller.tenant(), false);
        dispatcher.released();
    }

    /** Whether the tenant's queue is paused. */
    public boolean isQueuePaused(Caller caller) {
        return jobs.isQueuePaused(caller.tenant());
    }

    private static RatchetException unknown(JobId id) {
        return new RatchetException(ErrorCode.NOT_FOUND, "there is no job " + id);
    }
}

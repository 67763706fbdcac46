package dev.ratchet.api.rest;

import dev.ratchet.api.json.Body;
import dev.ratchet.api.json.JsonReading;
import dev.ratchet.api.json.JsonValue;
import dev.ratchet.api.json.Member;
import dev.ratchet.api.json.Shape;
import dev.ratchet.api.json.View;
import dev.ratchet.api.rest.JobViews.Shown;
import dev.ratchet.api.web.Answer;
import dev.ratchet.api.web.Call;
import dev.ratchet.api.web.Controller;
import dev.ratchet.api.web.Envelopes;
import dev.ratchet.api.web.ListParameters;
import dev.ratchet.api.web.Reply;
import dev.ratchet.api.web.Route;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.execution.RunOrigin;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.job.Executions;
import dev.ratchet.core.job.Job;
import dev.ratchet.core.job.JobField;
import dev.ratchet.core.job.JobPriority;
import dev.ratchet.core.job.JobStatus;
import dev.ratchet.core.job.Jobs;
import dev.ratchet.core.job.Submission;
import dev.ratchet.core.listing.Condition;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Operator;
import dev.ratchet.core.listing.Slice;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;

/** {@code /jobs} and {@code /queue}. */
final class JobController implements Controller {
    static final ListParameters<JobField> LIST = new ListParameters<>(JobField.class)
            .ranked(JobField.PRIORITY)
            .alias("error_message_like", JobField.ERROR_MESSAGE, Operator.LIKE)
            .alias("tags", JobField.TAG, Operator.EQ);

    private static final Member<JobStatus> STATUS = Member.choice("status", JobStatus.class)
            .described("CANCELLED cancels it, RETRYING tries it again; no other status is for clients to set");
    private static final Member<String> ERROR_MESSAGE = Member.text("errorMessage", 0, 10_000)
            .orNamed("error_message")
            .described("Never accepted: a job's error is what its attempt died of");
    private static final Shape UPDATE = Shape.of(
            "UpdateJob",
            STATUS,
            JobBodies.PRIORITY,
            JobBodies.MAX_RETRIES,
            JobBodies.SCHEDULED_FOR,
            JobBodies.DESTINATIONS,
            JobBodies.TAGS,
            ERROR_MESSAGE);

    private static final Member<JsonText> FILTER = Member.jsonObject("filter")
            .mandatory()
            .described("Names and values as in the query of GET /jobs; an array where one of several will do");
    private static final Member<String> REASON = Member.text("reason", 1, 500).described("Why, for the record");
    private static final Shape BULK = Shape.of("BulkJobs", FILTER, REASON);
    private static final Shape CANCEL = Shape.of("Cancel", REASON);

    private final Jobs jobs;
    private final Executions executions;
    private final Destinations destinations;

    JobController(Jobs jobs, Executions executions, Destinations destinations) {
        this.jobs = jobs;
        this.executions = executions;
        this.destinations = destinations;
    }

    @Override
    public List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        routes.add(Route.get("/jobs", "listJobs")
                .does("Lists jobs")
                .list(LIST)
                .answers(Reply.page(JobViews.JOB))
                .by(call -> list(call, List.of())));
        routes.add(Route.post("/jobs", "createJob")
                .does("Queues a job")
                .header(JobBodies.IDEMPOTENCY_KEY)
                .body(JobBodies.CREATE_JOB)
                .answers(
                        Reply.one(201, JobViews.JOB, "It is queued"),
                        Reply.one(200, JobViews.JOB, "It was queued before, under the same key"))
                .by(this::create));
        routes.add(Route.get("/jobs/stats", "getJobStats")
                .does("Counts jobs by status")
                .answers(Reply.stats(JobViews.STATS))
                .by(call -> Envelopes.stats(call, JobViews.STATS, numbers(call), Optional.empty())));
        routes.add(Route.get("/jobs/dead-letter", "listDeadLetters")
                .does("Lists the jobs that failed for good and were not tried again by hand")
                .list(LIST)
                .answers(Reply.page(JobViews.JOB))
                .by(call -> list(call, List.of(Condition.equal(JobField.DEAD_LETTER, true)))));
        routes.add(Route.post("/jobs/cancel", "cancelJobs")
                .does("Cancels every job that a filter finds, 10,000 at most")
                .body(BULK)
                .answers(Reply.action(JobViews.BULK, "What was done"))
                .by(this::cancelAll));
        routes.add(Route.post("/jobs/retry", "retryJobs")
                .does("Tries every job again that a filter finds, 10,000 at most")
                .body(BULK)
                .answers(Reply.action(JobViews.BULK, "What was done"))
                .by(this::retryAll));
        routes.add(Route.get("/jobs/{id}", "getJob")
                .does("Shows a job")
                .answers(Reply.one(200, JobViews.JOB, "The job"))
                .by(call -> one(200, call, jobs.get(call.caller(), id(call)))));
        routes.add(Route.patch("/jobs/{id}", "updateJob")
                .does("Changes a job that waits, or cancels or retries it")
                .header(Route.IF_MATCH)
                .body(UPDATE)
                .answers(Reply.one(200, JobViews.JOB, "The job as it is now"))
                .by(this::update));
        routes.add(Route.delete("/jobs/{id}", "deleteJob")
                .does("Removes an ended job with its executions")
                .header(Route.IF_MATCH)
                .answers(Reply.empty(204, "It is gone"))
                .by(this::delete));
        routes.add(Route.post("/jobs/{id}/cancel", "cancelJob")
                .does("Stops a job")
                .optionalBody(CANCEL)
                .answers(Reply.action(JobViews.JOB, "It is cancelled, or being stopped"))
                .by(this::cancel));
        routes.add(Route.post("/jobs/{id}/retry", "retryJob")
                .does("Tries a failed or cancelled job again, or a waiting one at once")
                .answers(Reply.action(JobViews.JOB, "It will be tried"))
                .by(this::retry));
        routes.add(Route.get("/jobs/{id}/executions", "listJobExecutions")
                .does("Shows every attempt of a job")
                .answers(Reply.all(ExecutionViews.EXECUTION))
                .by(call -> Envelopes.all(ExecutionViews.EXECUTION, executions.ofJob(call.caller(), id(call)))));
        routes.addAll(queueRoutes());
        return routes;
    }

    private List<Route> queueRoutes() {
        return List.of(
                Route.get("/queue", "getQueue")
                        .does("Shows whether the queue runs and what waits in it")
                        .answers(Reply.one(200, JobViews.QUEUE, "The queue"))
                        .by(call -> Envelopes.one(200, JobViews.QUEUE, numbers(call))),
                Route.post("/queue/pause", "pauseQueue")
                        .does("Lets no further job start; those that run go on")
                        .answers(Reply.action(JobViews.QUEUE, "It is paused"))
                        .by(call -> {
                            jobs.pauseQueue(call.caller());
                            return Envelopes.action("the queue is paused", JobViews.QUEUE, numbers(call));
                        }),
                Route.post("/queue/resume", "resumeQueue")
                        .does("Lets jobs start again")
                        .answers(Reply.action(JobViews.QUEUE, "It runs"))
                        .by(call -> {
                            jobs.resumeQueue(call.caller());
                            return Envelopes.action("the queue runs", JobViews.QUEUE, numbers(call));
                        }));
    }

    private JobViews.Numbers numbers(Call call) {
        return new JobViews.Numbers(jobs.stats(call.caller()), jobs.isQueuePaused(call.caller()));
    }

    private static JobId id(Call call) {
        return Identifiers.job(call.variable("id"));
    }

    private Shown shown(Job job, Optional<JsonText> input) {
        return new Shown(job, input, job.destinations().map(destinations::shown));
    }

    private Shown shown(Call call, Job job) {
        return shown(job, call.shows("input") ? Optional.of(jobs.input(call.caller(), job.id())) : Optional.empty());
    }

    private Answer.Content one(int status, Call call, Job job) {
        return Envelopes.one(status, JobViews.JOB, shown(call, job), job.revision());
    }

    private Answer list(Call call, List<Condition<JobField>> also) {
        ListQuery<JobField> query = LIST.read(call.query());
        for (Condition<JobField> condition : also) {
            query = query.and(condition);
        }
        return Envelopes.page(
                call, JobViews.JOB, query, jobs.list(call.caller(), query).map(job -> shown(job, Optional.empty())));
    }

    private Answer create(Call call) throws IOException {
        Body body = call.body();
        Submission submission = jobs.submit(
                call.caller(),
                JobBodies.request(call, body.require(JobBodies.TASK), body, RunOrigin.API, destinations));
        Job job = jobs.get(call.caller(), submission.job());
        Answer answer =
                one(submission.repeated() ? 200 : 201, call, job).with("Location", call.prefix() + "/jobs/" + job.id());
        return Replays.marked(answer, submission);
    }

    private Answer update(Call call) throws IOException {
        Body body = call.body();
        if (body.has(ERROR_MESSAGE)) {
            throw refused(ERROR_MESSAGE, "is what the latest attempt died of and cannot be set");
        }
        Job seen = expected(call);
        Job job = seen;
        Optional<JobStatus> status = body.get(STATUS).filter(wanted -> wanted != seen.status());
        if (status.isPresent() && isReachedByRunning(status.get())) {
            throw refused(STATUS, "is reached by running only; accepted: CANCELLED, RETRYING");
        }
        boolean changes = body.has(JobBodies.PRIORITY)
                || body.has(JobBodies.MAX_RETRIES)
                || body.has(JobBodies.SCHEDULED_FOR)
                || body.has(JobBodies.DESTINATIONS)
                || body.has(JobBodies.TAGS);
        if (changes) {
            Job changed = changed(call, seen, body);
            job = call.changing("job " + seen.id(), () -> jobs.update(call.caller(), changed));
        }
        if (status.isPresent() && status.get() != job.status()) {
            job = moved(call, job, status.get());
        }
        return one(200, call, job);
    }

    /** The job, if it is as the client expects it. */
    private Job expected(Call call) {
        Job job = jobs.get(call.caller(), id(call));
        OptionalLong expected = call.expectedRevision();
        if (expected.isPresent() && expected.getAsLong() != job.revision()) {
            throw new RatchetException(
                    ErrorCode.PRECONDITION_FAILED,
                    "job " + job.id() + " has revision " + job.revision() + ", not " + expected.getAsLong()
                            + "; look at it again");
        }
        return job;
    }

    private Job changed(Call call, Job job, Body body) {
        Optional<Instant> scheduledFor =
                body.has(JobBodies.SCHEDULED_FOR) ? body.get(JobBodies.SCHEDULED_FOR) : job.scheduledFor();
        Instant dueAt = body.has(JobBodies.SCHEDULED_FOR)
                ? scheduledFor.filter(later -> later.isAfter(call.receivedAt())).orElse(call.receivedAt())
                : job.dueAt();
        Optional<JsonText> targets = body.has(JobBodies.DESTINATIONS)
                ? body.get(JobBodies.DESTINATIONS)
                        .map(given -> destinations.stored(JobBodies.DESTINATIONS.name(), given))
                : job.destinations();
        return job.changed(
                body.get(JobBodies.PRIORITY)
                        .orElse(body.isNull(JobBodies.PRIORITY) ? JobPriority.NORMAL : job.priority()),
                body.get(JobBodies.MAX_RETRIES).orElse(job.retry().maxRetries()),
                scheduledFor,
                dueAt,
                body.has(JobBodies.TAGS) ? body.get(JobBodies.TAGS).orElse(List.of()) : job.tags(),
                targets);
    }

    private static boolean isReachedByRunning(JobStatus status) {
        return status == JobStatus.PROCESSING || status == JobStatus.COMPLETED || status == JobStatus.FAILED;
    }

    private Job moved(Call call, Job job, JobStatus to) {
        return to == JobStatus.CANCELLED
                ? jobs.cancel(
                        call.caller(), job.id(), "cancelled by " + call.caller().actor())
                : jobs.retry(call.caller(), job.id());
    }

    private static RatchetException refused(Member<?> member, String message) {
        return new RatchetException(
                ErrorCode.VALIDATION_ERROR,
                "the job cannot be changed so",
                List.of(new Problem(Member.SOURCE, "/" + member.name(), message)));
    }

    private Answer delete(Call call) {
        jobs.delete(call.caller(), expected(call).id());
        return Replays.NO_CONTENT;
    }

    private Answer cancel(Call call) throws IOException {
        String reason =
                call.body().get(REASON).orElse("cancelled by " + call.caller().actor());
        Job job = jobs.cancel(call.caller(), id(call), reason);
        String message = job.status() == JobStatus.CANCELLED ? "the job is cancelled" : "the job is being stopped";
        return Envelopes.action(message, JobViews.JOB, shown(job, Optional.empty()));
    }

    private Answer retry(Call call) {
        Job job = jobs.retry(call.caller(), id(call));
        return Envelopes.action("the job will be tried again", target -> {
            target.writeName("retry_at");
            View.writeTime(target, job.dueAt());
            target.writeName("data");
            JobViews.JOB.write(target, shown(job, Optional.empty()));
        });
    }

    private Answer cancelAll(Call call) throws IOException {
        Body body = call.body();
        Jobs.Bulk bulk = jobs.cancelAll(
                call.caller(),
                filter(body),
                body.get(REASON).orElse("cancelled by " + call.caller().actor()));
        return Envelopes.action("jobs cancelled or being stopped: " + bulk.done(), JobViews.BULK, bulk);
    }

    private Answer retryAll(Call call) throws IOException {
        Jobs.Bulk bulk = jobs.retryAll(call.caller(), filter(call.body()));
        return Envelopes.action("jobs to be tried again: " + bulk.done(), JobViews.BULK, bulk);
    }

    /** Only whoever names a filter touches many jobs: an empty one would mean all of them. */
    private static ListQuery<JobField> filter(Body body) {
        JsonValue filter = JsonReading.own(body.require(FILTER).value());
        SequencedMap<String, List<String>> given = new LinkedHashMap<>();
        JsonReading.members(filter).forEach((name, value) -> given.put(name, texts(name, value)));
        if (given.isEmpty()) {
            throw refused(FILTER, "is empty; name at least one condition, such as {\"status\": \"FAILED\"}");
        }
        return new ListQuery<>(LIST.conditions(given), List.of(), new Slice.After(Optional.empty(), Slice.MAX_LIMIT));
    }

    private static List<String> texts(String name, JsonValue value) {
        return switch (value.kind()) {
            case STRING -> List.of(value.string());
            case INTEGER, DECIMAL, TRUE, FALSE -> List.of(value.raw());
            case ARRAY ->
                JsonReading.elements(value).stream()
                        .flatMap(element -> texts(name, element).stream())
                        .limit(Condition.MAX_VALUES + 1L)
                        .toList();
            case OBJECT, NULL ->
                throw refused(FILTER, "has no value to compare with for " + name + "; accepted: texts, numbers, flags");
        };
    }
}

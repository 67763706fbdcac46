package dev.ratchet.api.rest;

import dev.ratchet.api.json.Body;
import dev.ratchet.api.json.Member;
import dev.ratchet.api.json.Schema;
import dev.ratchet.api.json.Shape;
import dev.ratchet.api.web.Call;
import dev.ratchet.api.web.Parameter;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.execution.RunOrigin;
import dev.ratchet.core.job.ConcurrencyLimit;
import dev.ratchet.core.job.JobPriority;
import dev.ratchet.core.job.JobRequest;
import dev.ratchet.core.task.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a request may say about a job that is to be made. */
final class JobBodies {
    private static final long DAY_MILLIS = 86_400_000;

    static final Member<String> TASK =
            Member.text("taskId", 1, 200).orNamed("task_id", "task").described("Identifier or unique name of the task");
    static final Member<String> VERSION = Member.text("version", 1, 300)
            .described("Identifier, content hash or semantic version to run; the active version by default");
    static final Member<JsonText> INPUT =
            Member.json("input").orNamed("input_data", "inputData").described("What the task is given");
    static final Member<JobPriority> PRIORITY =
            Member.choice("priority", JobPriority.class).defaultsTo("NORMAL").described("How urgent it is");
    static final Member<Integer> MAX_RETRIES = Member.integer("maxRetries", 0, JobRequest.MAX_RETRIES)
            .as(Long::intValue)
            .orNamed("max_retries")
            .described("Retries after the first attempt; what the retry policy says by default");
    static final Member<Instant> SCHEDULED_FOR =
            Member.instant("scheduledFor").orNamed("scheduled_for").described("Not before this time");
    static final Member<JsonText> DESTINATIONS = destinations();
    static final Member<Duration> TIMEOUT = Member.seconds("timeoutSeconds", 1, DAY_MILLIS)
            .orNamed("timeout_seconds", "timeout")
            .described("Wall time of an attempt, over the task's own limit");
    static final Member<List<String>> TAGS =
            Member.list("tags", JobRequest.MAX_TAGS, Member.text("tag", 1, 100)).described("Free labels");
    static final Member<String> CONCURRENCY_KEY = Member.text("concurrencyKey", 1, 200)
            .orNamed("concurrency_key")
            .described("Jobs of one key run at most concurrencyLimit at a time");
    static final Member<Integer> CONCURRENCY_LIMIT = Member.integer("concurrencyLimit", 1, 1000)
            .as(Long::intValue)
            .orNamed("concurrency_limit")
            .defaultsTo(1)
            .described("How many jobs of the key may run at a time");

    static final Member<RetryPolicy.Backoff> BACKOFF =
            Member.choice("backoff", RetryPolicy.Backoff.class).defaultsTo("EXPONENTIAL");
    static final Member<Duration> INITIAL_DELAY = Member.seconds("initialDelaySeconds", 0, 7 * DAY_MILLIS);
    static final Member<Duration> MAX_DELAY = Member.seconds("maxDelaySeconds", 0, 7 * DAY_MILLIS);
    static final Member<Boolean> JITTER = Member.flag("jitter").defaultsTo(true);
    static final Member<Boolean> RETRY_UNSAFE = Member.flag("retryUnsafe").defaultsTo(false);
    static final Shape RETRY_SHAPE =
            Shape.of("NewRetryPolicy", MAX_RETRIES, BACKOFF, INITIAL_DELAY, MAX_DELAY, JITTER, RETRY_UNSAFE);
    static final Member<RetryPolicy> RETRY = Member.object("retryPolicy", RETRY_SHAPE)
            .orNamed("retry_policy", "retry")
            .as(JobBodies::retryPolicy)
            .described("When and how often it is tried again, over the task's own policy");

    static final Shape CREATE_JOB = Shape.of(
            "CreateJob",
            TASK.mandatory(),
            VERSION,
            INPUT,
            PRIORITY,
            MAX_RETRIES,
            RETRY,
            SCHEDULED_FOR,
            DESTINATIONS,
            TIMEOUT,
            TAGS,
            CONCURRENCY_KEY,
            CONCURRENCY_LIMIT);

    static final Shape EXECUTE = CREATE_JOB.without("ExecuteTask", TASK);

    /** The header under which a request makes one job only. */
    static final Parameter<String> IDEMPOTENCY_KEY = Parameter.text(
            "Idempotency-Key",
            255,
            "The same request under the same key makes one job within 24 hours; the answer then has"
                    + " Idempotent-Replay: true");

    private JobBodies() {}

    private static Member<JsonText> destinations() {
        Schema schema = Schema.arrayOf(Schema.type("object"))
                .with("minItems", 1)
                .with("maxItems", 10)
                .described("Where the result goes: 1 to 10 of webhook, filesystem and stdio");
        return new Member<>(
                "outputDestinations",
                List.of("output_destinations"),
                false,
                schema,
                (value, _) -> Optional.of(value.document()));
    }

    private static RetryPolicy retryPolicy(Body body) {
        RetryPolicy known = RetryPolicy.DEFAULT;
        Duration initial = body.get(INITIAL_DELAY).orElse(known.initialDelay());
        return new RetryPolicy(
                body.get(MAX_RETRIES).orElse(known.maxRetries()),
                body.get(BACKOFF).orElse(known.backoff()),
                initial,
                body.get(MAX_DELAY).orElse(initial.compareTo(known.maxDelay()) > 0 ? initial : known.maxDelay()),
                body.get(JITTER).orElse(known.jitter()),
                body.get(RETRY_UNSAFE).orElse(known.retryUnsafe()));
    }

    /** The request for a job of {@code task}; input is the empty object where none is given. */
    static JobRequest request(Call call, String task, Body body, RunOrigin origin, Destinations destinations) {
        return new JobRequest(
                task,
                body.get(VERSION),
                body.get(INPUT).orElse(body.isNull(INPUT) ? JsonText.NULL : JsonText.EMPTY_OBJECT),
                origin,
                body.get(PRIORITY).orElse(JobPriority.NORMAL),
                body.get(SCHEDULED_FOR),
                body.get(MAX_RETRIES),
                body.get(RETRY),
                concurrency(body),
                body.get(TIMEOUT),
                body.get(TAGS).orElse(List.of()),
                body.get(DESTINATIONS).map(given -> destinations.stored(DESTINATIONS.name(), given)),
                call.header(IDEMPOTENCY_KEY.name(), 255),
                Optional.empty(),
                Optional.empty());
    }

    private static Optional<ConcurrencyLimit> concurrency(Body body) {
        if (body.get(CONCURRENCY_KEY).isEmpty() && body.get(CONCURRENCY_LIMIT).isPresent()) {
            throw new RatchetException(
                    ErrorCode.VALIDATION_ERROR,
                    "the body cannot be used",
                    List.of(new Problem(
                            Member.SOURCE, "/" + CONCURRENCY_LIMIT.name(), "needs " + CONCURRENCY_KEY.name())));
        }
        int limit = body.get(CONCURRENCY_LIMIT).orElse(1);
        return body.get(CONCURRENCY_KEY).map(key -> new ConcurrencyLimit(key, limit));
    }
}

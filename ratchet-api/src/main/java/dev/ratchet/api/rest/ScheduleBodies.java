package dev.ratchet.api.rest;

import dev.ratchet.api.json.Body;
import dev.ratchet.api.json.Member;
import dev.ratchet.api.json.Shape;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.job.JobPriority;
import dev.ratchet.core.schedule.CronExpression;
import dev.ratchet.core.schedule.DstPolicy;
import dev.ratchet.core.schedule.MisfirePolicy;
import dev.ratchet.core.schedule.OverlapPolicy;
import dev.ratchet.core.schedule.ScheduleDefinition;
import dev.ratchet.core.schedule.SchedulePlan;
import dev.ratchet.core.schedule.Timing;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a request may say about a schedule. */
final class ScheduleBodies {
    private static final String UTC = "UTC";

    static final Member<String> TASK = JobBodies.TASK;
    static final Member<String> NAME = Member.text("name", 1, ScheduleDefinition.MAX_NAME)
            .described("Unique")
            .example("every-morning");
    static final Member<String> DESCRIPTION = Member.text("description", 0, ScheduleDefinition.MAX_DESCRIPTION);
    static final Member<Boolean> ENABLED =
            Member.flag("enabled").defaultsTo(true).described("Whether it fires");

    static final Member<CronExpression> CRON = Member.text("cronExpression", 1, CronExpression.MAX_LENGTH)
            .orNamed("cron_expression", "cron")
            .described("5 fields, 6 with seconds first, 7 with the year last, or a name such as @daily")
            .example("30 6 * * MON-FRI")
            .as(CronExpression::parse);
    static final Member<String> ZONE = Member.text("timezone", 1, 64)
            .orNamed("time_zone", "timeZone")
            .defaultsTo(UTC)
            .described("Where the expression's times are local, such as Europe/Berlin");
    static final Member<DstPolicy> DST = words("dstPolicy", DstPolicy.values(), DstPolicy::wireName, DstPolicy::of)
            .orNamed("dst_policy", "dst")
            .defaultsTo("shift")
            .described("What becomes of local times that clock changes leave out or repeat");
    static final Member<Duration> EVERY = Member.seconds(
                    "intervalSeconds", Timing.Interval.MIN_EVERY.toMillis(), Timing.Interval.MAX_EVERY.toMillis())
            .orNamed("interval_seconds")
            .described("Real time between two runs, instead of cronExpression");
    static final Member<Instant> ANCHOR =
            Member.instant("anchor").described("The first run of an interval; when it is made, by default");
    static final Member<Instant> RUN_AT =
            Member.instant("runAt").orNamed("run_at").described("The only run, instead of cronExpression");

    static final Member<Instant> STARTS_AT =
            Member.instant("startsAt").orNamed("starts_at", "start").described("No run before");
    static final Member<Instant> ENDS_AT =
            Member.instant("endsAt").orNamed("ends_at", "end").described("No run from then on");
    static final Member<Long> MAX_EXECUTIONS = Member.integer("maxExecutions", 1, Long.MAX_VALUE)
            .orNamed("max_executions")
            .described("How often it fires at most");
    static final Member<MisfirePolicy.Mode> MISFIRE = words(
                    "misfirePolicy", MisfirePolicy.Mode.values(), MisfirePolicy.Mode::wireName, MisfirePolicy.Mode::of)
            .orNamed("misfire_policy", "misfire")
            .defaultsTo(MisfirePolicy.DEFAULT.mode().wireName())
            .described("What becomes of runs that were missed");
    static final Member<Duration> MAX_LATENESS = Member.seconds(
                    "maxLatenessSeconds", MisfirePolicy.MIN_LATENESS.toMillis(), MisfirePolicy.MAX_LATENESS.toMillis())
            .orNamed("max_lateness_seconds")
            .described("Runs later than this are given up");
    static final Member<OverlapPolicy> OVERLAP = words(
                    "overlapPolicy", OverlapPolicy.values(), OverlapPolicy::wireName, OverlapPolicy::of)
            .orNamed("overlap_policy", "overlap")
            .defaultsTo(OverlapPolicy.ALLOW.wireName())
            .described("What happens while an earlier job runs");
    static final Member<Duration> JITTER = Member.seconds("jitterSeconds", 0, SchedulePlan.MAX_JITTER.toMillis())
            .orNamed("jitter_seconds", "jitter")
            .described("The most that a run is delayed, so that not all begin at once");
    static final Member<Integer> PAUSE_AFTER = Member.integer("pauseAfterFailures", 1, ScheduleDefinition.MAX_FAILURES)
            .as(Long::intValue)
            .orNamed("pause_after_failures")
            .described("After how many failures in a row it is disabled");
    static final Member<Integer> COUNT =
            Member.integer("count", 1, 100).as(Long::intValue).defaultsTo(10).described("How many runs to show");

    static final Shape CREATE = Shape.of(
            "CreateSchedule",
            TASK.mandatory(),
            NAME.mandatory(),
            DESCRIPTION,
            CRON,
            ZONE,
            DST,
            EVERY,
            ANCHOR,
            RUN_AT,
            ENABLED,
            JobBodies.INPUT,
            JobBodies.PRIORITY,
            JobBodies.MAX_RETRIES,
            JobBodies.TAGS,
            JobBodies.DESTINATIONS,
            STARTS_AT,
            ENDS_AT,
            MAX_EXECUTIONS,
            MISFIRE,
            MAX_LATENESS,
            OVERLAP,
            JITTER,
            PAUSE_AFTER);

    static final Shape UPDATE = CREATE.with("UpdateSchedule", TASK, NAME);

    static final Shape PREVIEW = Shape.of(
            "PreviewSchedule", CRON, ZONE, DST, EVERY, ANCHOR, RUN_AT, STARTS_AT, ENDS_AT, MAX_EXECUTIONS, COUNT);

    private ScheduleBodies() {}

    private static <T> Member<T> words(
            String name, T[] values, Function<T, String> wireName, Function<String, T> reader) {
        return Member.word(name, Arrays.stream(values).map(wireName).toList()).as(reader);
    }

    /** The plan a new schedule has. */
    static SchedulePlan plan(Body body, Instant now) {
        Optional<Timing> timing = timing(body, Optional.empty(), now);
        return plan(
                body,
                SchedulePlan.of(timing.orElseThrow(
                        () -> refused(CRON, "is missing; give cronExpression, intervalSeconds or runAt"))));
    }

    /** The plan a schedule has after a change. */
    static SchedulePlan plan(Body body, SchedulePlan before, Instant now) {
        Timing timing = timing(body, Optional.of(before.timing()), now).orElse(before.timing());
        return plan(
                body,
                new SchedulePlan(
                        timing,
                        before.start(),
                        before.end(),
                        before.maxExecutions(),
                        before.misfire(),
                        before.overlap(),
                        before.jitter()));
    }

    /** The plan with everything but its timing taken from the body, where it is there. */
    private static SchedulePlan plan(Body body, SchedulePlan before) {
        MisfirePolicy misfire = new MisfirePolicy(
                changed(body, MISFIRE, before.misfire().mode(), MisfirePolicy.DEFAULT.mode()),
                changed(body, MAX_LATENESS, before.misfire().maxLateness(), MisfirePolicy.DEFAULT.maxLateness()));
        return located(
                ENDS_AT,
                () -> new SchedulePlan(
                        before.timing(),
                        changed(body, STARTS_AT, before.start()),
                        changed(body, ENDS_AT, before.end()),
                        changed(body, MAX_EXECUTIONS, before.maxExecutions()),
                        misfire,
                        changed(body, OVERLAP, before.overlap(), OverlapPolicy.ALLOW),
                        changed(body, JITTER, before.jitter(), Duration.ZERO)));
    }

    /** The definition after a change. */
    static ScheduleDefinition changed(
            Body body,
            ScheduleDefinition before,
            Function<String, TaskId> tasks,
            Instant now,
            Destinations destinations) {
        ScheduleDefinition after = before.withPlan(plan(body, before.plan(), now))
                .withName(body.get(NAME).orElse(before.name()))
                .withDescription(changed(body, DESCRIPTION, before.description(), ""))
                .withInput(input(body, before.input()))
                .withPriority(changed(body, JobBodies.PRIORITY, before.priority(), JobPriority.NORMAL))
                .withMaxRetries(changed(body, JobBodies.MAX_RETRIES, before.maxRetries()))
                .withTags(changed(body, JobBodies.TAGS, before.tags(), List.of()))
                .withPauseAfterFailures(changed(body, PAUSE_AFTER, before.pauseAfterFailures()));
        if (body.has(JobBodies.DESTINATIONS)) {
            after = after.withDestinations(body.get(JobBodies.DESTINATIONS)
                    .map(given -> destinations.stored(JobBodies.DESTINATIONS.name(), given)));
        }
        return body.get(TASK).map(tasks).map(after::withTask).orElse(after);
    }

    private static JsonText input(Body body, JsonText before) {
        return body.isNull(JobBodies.INPUT)
                ? JsonText.NULL
                : body.get(JobBodies.INPUT).orElse(before);
    }

    private static <T> T changed(Body body, Member<T> member, T before, T absent) {
        return body.isNull(member) ? absent : body.get(member).orElse(before);
    }

    private static <T> Optional<T> changed(Body body, Member<T> member, Optional<T> before) {
        return body.has(member) ? body.get(member) : before;
    }

    /** What the body says of the timing; empty when it says nothing. */
    private static Optional<Timing> timing(Body body, Optional<Timing> before, Instant now) {
        List<Member<?>> kinds = List.of(CRON, EVERY, RUN_AT);
        List<String> given = kinds.stream()
                .filter(kind -> body.get(kind).isPresent())
                .<String>map(Member::name)
                .toList();
        if (given.size() > 1) {
            throw refused(CRON, "is one of " + String.join(", ", given) + "; give one of them");
        }
        boolean isCron = body.get(CRON).isPresent()
                || (given.isEmpty()
                        && before.filter(Timing.Cron.class::isInstance).isPresent());
        boolean isInterval = body.get(EVERY).isPresent()
                || (given.isEmpty()
                        && before.filter(Timing.Interval.class::isInstance).isPresent());
        requireUse(body, ZONE, isCron, CRON);
        requireUse(body, DST, isCron, CRON);
        requireUse(body, ANCHOR, isInterval, EVERY);
        if (isCron && (body.get(CRON).isPresent() || body.has(ZONE) || body.has(DST))) {
            return Optional.of(cron(body, before));
        }
        if (isInterval && (body.get(EVERY).isPresent() || body.has(ANCHOR))) {
            return Optional.of(interval(body, before, now));
        }
        return body.get(RUN_AT).map(at -> located(RUN_AT, () -> new Timing.Once(at)));
    }

    private static void requireUse(Body body, Member<?> member, boolean used, Member<?> with) {
        if (body.get(member).isPresent() && !used) {
            throw refused(member, "goes with " + with.name() + " only");
        }
    }

    private static Timing cron(Body body, Optional<Timing> before) {
        Optional<Timing.Cron> old = before.filter(Timing.Cron.class::isInstance).map(Timing.Cron.class::cast);
        CronExpression expression =
                body.get(CRON).or(() -> old.map(Timing.Cron::expression)).orElseThrow();
        String zone = changed(
                body, ZONE, old.map(Timing.Cron::zone).map(ZoneId::getId).orElse(UTC), UTC);
        DstPolicy dst = changed(body, DST, old.map(Timing.Cron::dst).orElse(DstPolicy.SHIFT), DstPolicy.SHIFT);
        return located(ZONE, () -> Timing.Cron.of(expression.toString(), zone, dst));
    }

    private static Timing interval(Body body, Optional<Timing> before, Instant now) {
        Optional<Timing.Interval> old =
                before.filter(Timing.Interval.class::isInstance).map(Timing.Interval.class::cast);
        Duration every =
                body.get(EVERY).or(() -> old.map(Timing.Interval::every)).orElseThrow();
        Instant anchor = changed(body, ANCHOR, old.map(Timing.Interval::anchor).orElse(now), now);
        return located(ANCHOR, () -> new Timing.Interval(every, anchor));
    }

    /** Says of a refusal without a place where in the body it belongs. */
    private static <T> T located(Member<?> member, Supplier<T> making) {
        try {
            return making.get();
        } catch (RatchetException e) {
            if (!e.problems().isEmpty()) {
                throw e;
            }
            throw refused(member, String.valueOf(e.getMessage()));
        }
    }

    private static RatchetException refused(Member<?> member, String message) {
        return new RatchetException(
                ErrorCode.VALIDATION_ERROR,
                "the schedule cannot be used",
                List.of(new Problem(Member.SOURCE, "/" + member.name(), message)));
    }
}

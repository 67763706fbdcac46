package dev.ratchet.api.rest;

import dev.ratchet.api.json.Body;
import dev.ratchet.api.json.Shape;
import dev.ratchet.api.json.View;
import dev.ratchet.api.web.Answer;
import dev.ratchet.api.web.Call;
import dev.ratchet.api.web.Controller;
import dev.ratchet.api.web.Envelopes;
import dev.ratchet.api.web.ListParameters;
import dev.ratchet.api.web.Parameter;
import dev.ratchet.api.web.Reply;
import dev.ratchet.api.web.Route;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.job.Job;
import dev.ratchet.core.job.JobPriority;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.schedule.Schedule;
import dev.ratchet.core.schedule.ScheduleDefinition;
import dev.ratchet.core.schedule.ScheduleField;
import dev.ratchet.core.schedule.SchedulePlan;
import dev.ratchet.core.schedule.ScheduleStore.Stats;
import dev.ratchet.core.schedule.Schedules;
import dev.ratchet.core.schedule.Schedules.PlannedRun;
import dev.ratchet.core.schedule.Timing;
import dev.ratchet.core.task.Tasks;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** {@code /schedules}. */
final class ScheduleController implements Controller {
    static final ListParameters<ScheduleField> LIST = new ListParameters<>(ScheduleField.class);

    /**
     * A schedule as it may be seen.
     *
     * @param destinations without secrets
     */
    record Shown(Schedule schedule, Optional<JsonText> destinations) {
        ScheduleDefinition definition() {
            return schedule.definition();
        }

        SchedulePlan plan() {
            return definition().plan();
        }

        <T> Optional<T> cron(Function<Timing.Cron, T> part) {
            return switch (plan().timing()) {
                case Timing.Cron cron -> Optional.of(part.apply(cron));
                case Timing.Interval _, Timing.Once _ -> Optional.empty();
            };
        }

        <T> Optional<T> interval(Function<Timing.Interval, T> part) {
            return switch (plan().timing()) {
                case Timing.Interval interval -> Optional.of(part.apply(interval));
                case Timing.Cron _, Timing.Once _ -> Optional.empty();
            };
        }

        Optional<Instant> once() {
            return switch (plan().timing()) {
                case Timing.Once(Instant at) -> Optional.of(at);
                case Timing.Cron _, Timing.Interval _ -> Optional.empty();
            };
        }
    }

    static final View<Shown> SCHEDULE = View.<Shown>named("Schedule")
            .id("id", shown -> shown.schedule().id())
            .id("uuid", shown -> shown.schedule().id())
            .id("taskId", shown -> shown.definition().task())
            .text("name", shown -> shown.schedule().name())
            .text("description", shown -> shown.definition().description())
            .optionalText(
                    "cronExpression",
                    shown -> shown.cron(cron -> cron.expression().toString()))
            .optionalText("timezone", shown -> shown.cron(cron -> cron.zone().getId()))
            .optionalText("dstPolicy", shown -> shown.cron(cron -> cron.dst().wireName()))
            .optionalNumber("intervalSeconds", shown -> shown.interval(interval -> JobViews.seconds(interval.every())))
            .optionalTime("anchor", shown -> shown.interval(Timing.Interval::anchor))
            .optionalTime("runAt", Shown::once)
            .flag("enabled", shown -> shown.schedule().enabled())
            .optionalText("pauseReason", shown -> shown.schedule().pauseReason())
            .flag("systemOwned", shown -> shown.schedule().systemOwned())
            .optionalTime("nextRun", shown -> shown.schedule().progress().nextRun())
            .optionalTime("lastRun", shown -> shown.schedule().progress().lastRun())
            .integer("executionCount", shown -> shown.schedule().progress().executionCount())
            .integer("skippedCount", shown -> shown.schedule().progress().skippedCount())
            .integer("missedCount", shown -> shown.schedule().progress().missedCount())
            .integer("consecutiveFailures", shown -> shown.schedule().progress().consecutiveFailures())
            .optionalText("lastError", shown -> shown.schedule().progress().lastError())
            .json("input", shown -> Optional.of(shown.definition().input()))
            .choice("priority", JobPriority.class, shown -> shown.definition().priority())
            .optionalInteger(
                    "maxRetries", shown -> shown.definition().maxRetries().map(Integer::longValue))
            .texts("tags", shown -> shown.definition().tags())
            .json("outputDestinations", Shown::destinations)
            .optionalTime("startsAt", shown -> shown.plan().start())
            .optionalTime("endsAt", shown -> shown.plan().end())
            .optionalInteger("maxExecutions", shown -> shown.plan().maxExecutions())
            .text("misfirePolicy", shown -> shown.plan().misfire().mode().wireName())
            .number(
                    "maxLatenessSeconds",
                    shown -> JobViews.seconds(shown.plan().misfire().maxLateness()))
            .text("overlapPolicy", shown -> shown.plan().overlap().wireName())
            .number("jitterSeconds", shown -> JobViews.seconds(shown.plan().jitter()))
            .optionalInteger(
                    "pauseAfterFailures",
                    shown -> shown.definition().pauseAfterFailures().map(Integer::longValue))
            .time("createdAt", shown -> shown.schedule().createdAt())
            .time("updatedAt", shown -> shown.schedule().updatedAt())
            .integer("revision", shown -> shown.schedule().revision())
            .build();

    static final View<Stats> STATS = View.<Stats>named("ScheduleStats")
            .integer("totalSchedules", Stats::total)
            .integer("enabledSchedules", Stats::enabled)
            .integer("disabledSchedules", Stats::disabled)
            .integer("readyToRun", Stats::readyToRun)
            .build();

    static final View<PlannedRun> RUN = View.<PlannedRun>named("PlannedRun")
            .time("plannedFor", PlannedRun::plannedFor)
            .time("startsAt", PlannedRun::startsAt)
            .build();

    static final View<JobViews.Shown> TRIGGERED = View.<JobViews.Shown>named("Triggered")
            .flag("success", _ -> true)
            .text("message", shown -> "job " + shown.job().id() + " was made")
            .object("job", JobViews.JOB, shown -> shown)
            .build();

    private static final Parameter<Long> COUNT =
            Parameter.integer("count", 1, 100, "How many runs to show, 10 by default");
    private static final Shape EMPTY = Shape.of("Nothing");

    private final Schedules schedules;
    private final Tasks tasks;
    private final Destinations destinations;

    ScheduleController(Schedules schedules, Tasks tasks, Destinations destinations) {
        this.schedules = schedules;
        this.tasks = tasks;
        this.destinations = destinations;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/schedules", "listSchedules")
                        .does("Lists schedules")
                        .list(LIST)
                        .answers(Reply.page(SCHEDULE))
                        .by(this::list),
                Route.post("/schedules", "createSchedule")
                        .does("Makes a schedule")
                        .body(ScheduleBodies.CREATE)
                        .answers(Reply.one(201, SCHEDULE, "The new schedule"))
                        .by(this::create),
                Route.get("/schedules/stats", "getScheduleStats")
                        .does("Counts schedules")
                        .answers(Reply.stats(STATS))
                        .by(call -> Envelopes.stats(call, STATS, schedules.stats(call.caller()), Optional.empty())),
                Route.post("/schedules/preview", "previewNewSchedule")
                        .does("Shows when a schedule would fire that need not be stored")
                        .body(ScheduleBodies.PREVIEW)
                        .answers(Reply.all(RUN))
                        .by(this::previewNew),
                Route.get("/schedules/{id}", "getSchedule")
                        .does("Shows a schedule")
                        .answers(Reply.one(200, SCHEDULE, "The schedule"))
                        .by(call -> one(200, schedules.get(call.caller(), id(call)))),
                Route.patch("/schedules/{id}", "updateSchedule")
                        .does("Changes a schedule at once")
                        .header(Route.IF_MATCH)
                        .body(ScheduleBodies.UPDATE)
                        .answers(Reply.one(200, SCHEDULE, "The schedule as it is now"))
                        .by(this::update),
                Route.delete("/schedules/{id}", "deleteSchedule")
                        .does("Removes a schedule; jobs it has made go on")
                        .header(Route.IF_MATCH)
                        .answers(Reply.empty(204, "It is gone"))
                        .by(call -> {
                            schedules.delete(call.caller(), id(call), call.expectedRevision());
                            return Replays.NO_CONTENT;
                        }),
                Route.post("/schedules/{id}/enable", "enableSchedule")
                        .does("Lets a schedule fire")
                        .header(Route.IF_MATCH)
                        .optionalBody(EMPTY)
                        .answers(Reply.action(SCHEDULE, "The schedule as it is now"))
                        .by(call ->
                                done("is enabled", schedules.enable(call.caller(), id(call), call.expectedRevision()))),
                Route.post("/schedules/{id}/disable", "disableSchedule")
                        .does("Lets a schedule fire no more")
                        .header(Route.IF_MATCH)
                        .optionalBody(EMPTY)
                        .answers(Reply.action(SCHEDULE, "The schedule as it is now"))
                        .by(call -> done(
                                "is disabled", schedules.disable(call.caller(), id(call), call.expectedRevision()))),
                Route.post("/schedules/{id}/trigger", "triggerSchedule")
                        .does("Makes a job of an enabled schedule now")
                        .optionalBody(EMPTY)
                        .answers(Reply.one(200, TRIGGERED, "The job that was made"))
                        .by(this::trigger),
                Route.get("/schedules/{id}/preview", "previewSchedule")
                        .does("Shows when a schedule fires next, or would if it were enabled")
                        .query(COUNT)
                        .answers(Reply.all(RUN))
                        .by(call -> Envelopes.all(
                                RUN,
                                schedules.preview(
                                        call.caller(),
                                        id(call),
                                        call.parameter(COUNT).orElse(10L).intValue()))));
    }

    private static String id(Call call) {
        return call.variable("id");
    }

    private Shown shown(Schedule schedule) {
        return new Shown(schedule, schedule.definition().destinations().map(destinations::shown));
    }

    private Answer.Content one(int status, Schedule schedule) {
        return Envelopes.one(status, SCHEDULE, shown(schedule), schedule.revision());
    }

    private Answer done(String what, Schedule schedule) {
        return Envelopes.action("schedule " + schedule.name() + " " + what, SCHEDULE, shown(schedule));
    }

    private Answer list(Call call) {
        ListQuery<ScheduleField> query = LIST.read(call.query());
        return Envelopes.page(
                call, SCHEDULE, query, schedules.list(call.caller(), query).map(this::shown));
    }

    private TaskId task(Call call, String idOrName) {
        return tasks.resolve(call.caller(), idOrName).id();
    }

    private Answer create(Call call) throws IOException {
        Body body = call.body();
        ScheduleDefinition blank = ScheduleDefinition.of(
                task(call, body.require(ScheduleBodies.TASK)),
                body.require(ScheduleBodies.NAME),
                ScheduleBodies.plan(body, call.receivedAt()));
        ScheduleDefinition definition =
                ScheduleBodies.changed(body, blank, _ -> blank.task(), call.receivedAt(), destinations);
        Schedule schedule = schedules.create(
                call.caller(), definition, body.get(ScheduleBodies.ENABLED).orElse(true));
        return one(201, schedule).with("Location", call.prefix() + "/schedules/" + schedule.id());
    }

    private Answer update(Call call) throws IOException {
        Body body = call.body();
        Schedule schedule = schedules.update(
                call.caller(),
                id(call),
                before -> ScheduleBodies.changed(
                        body, before, idOrName -> task(call, idOrName), call.receivedAt(), destinations),
                body.get(ScheduleBodies.ENABLED),
                call.expectedRevision());
        return one(200, schedule);
    }

    private Answer trigger(Call call) throws IOException {
        call.body();
        Job job = schedules.trigger(call.caller(), id(call));
        return Envelopes.one(
                200,
                TRIGGERED,
                new JobViews.Shown(job, Optional.empty(), job.destinations().map(destinations::shown)));
    }

    private Answer previewNew(Call call) throws IOException {
        Body body = call.body();
        SchedulePlan plan = ScheduleBodies.plan(body, call.receivedAt());
        int count = body.get(ScheduleBodies.COUNT).orElse(10);
        List<PlannedRun> runs = schedules.preview(plan, count).stream()
                .map(planned -> new PlannedRun(planned, planned))
                .toList();
        return Envelopes.all(RUN, runs);
    }
}

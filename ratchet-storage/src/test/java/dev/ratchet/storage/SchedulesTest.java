package dev.ratchet.storage;

import static dev.ratchet.storage.SchedulesFixture.BAD_INPUT;
import static dev.ratchet.storage.SchedulesFixture.CALLER;
import static dev.ratchet.storage.SchedulesFixture.START;
import static dev.ratchet.storage.SchedulesFixture.everyMinute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ratchet.core.common.Caller;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.job.Job;
import dev.ratchet.core.job.JobPriority;
import dev.ratchet.core.job.JobStatus;
import dev.ratchet.core.listing.Condition;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Operator;
import dev.ratchet.core.listing.Order;
import dev.ratchet.core.listing.Slice;
import dev.ratchet.core.schedule.DstPolicy;
import dev.ratchet.core.schedule.MisfirePolicy;
import dev.ratchet.core.schedule.OverlapPolicy;
import dev.ratchet.core.schedule.Schedule;
import dev.ratchet.core.schedule.ScheduleDefinition;
import dev.ratchet.core.schedule.ScheduleField;
import dev.ratchet.core.schedule.SchedulePlan;
import dev.ratchet.core.schedule.ScheduleStore;
import dev.ratchet.core.schedule.Timing;
import dev.ratchet.core.task.TaskChange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
@Timeout(60)
class SchedulesTest {
    private final SchedulesFixture fixture;

    SchedulesTest(TestDatabase.Vendor vendor) {
        fixture = new SchedulesFixture(vendor);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static void assertRefused(ErrorCode code, ThrowingCallable call) {
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(call)
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(code));
    }

    private static SchedulePlan plan(OverlapPolicy overlap) {
        return new SchedulePlan(
                new Timing.Interval(Duration.ofMinutes(1), START),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                MisfirePolicy.DEFAULT,
                overlap,
                Duration.ZERO);
    }

    private List<String> names(ListQuery<ScheduleField> query) {
        return fixture.schedules.list(CALLER, query).items().stream()
                .map(Schedule::name)
                .toList();
    }

    private static ListQuery<ScheduleField> where(Condition<ScheduleField> condition) {
        return new ListQuery<>(
                List.of(condition),
                List.of(new Order<>(ScheduleField.NAME, false)),
                new Slice.Numbered(0, Slice.MAX_LIMIT));
    }

    @Test
    void createWhenEverythingIsGivenIsReadBackAsItWas() {
        SchedulePlan plan = new SchedulePlan(
                Timing.Cron.of("0 30 2 * * MON-FRI", "Europe/Berlin", DstPolicy.BOTH),
                Optional.of(START.plusSeconds(3600)),
                Optional.of(START.plus(Duration.ofDays(400))),
                Optional.of(77L),
                new MisfirePolicy(MisfirePolicy.Mode.ALL, Duration.ofHours(3)),
                OverlapPolicy.QUEUE,
                Duration.ofSeconds(90));
        ScheduleDefinition definition = new ScheduleDefinition(
                fixture.task.id(),
                "Everything – täglich",
                "what it is for",
                new JsonText("{\"a\": [1, 2]}"),
                plan,
                JobPriority.HIGH,
                Optional.of(7),
                List.of("one", "two"),
                Optional.of(new JsonText("[{\"destinationType\": \"stdio\"}]")),
                Optional.of(4));

        Schedule made = fixture.schedules.create(CALLER, definition, true);

        assertThat(fixture.again(made)).isEqualTo(made);
        assertThat(fixture.schedules.get(CALLER, definition.name())).isEqualTo(made);
        assertThat(made.definition()).isEqualTo(definition);
        assertThat(made.progress().nextRun()).isEqualTo(plan.next(START, 0));
    }

    @Test
    void createWhenOfAnotherTimingIsReadBackAsItWas() {
        Schedule once = fixture.create("once", SchedulePlan.of(new Timing.Once(START.plusSeconds(5))));
        Schedule interval = fixture.create("interval", everyMinute());

        assertThat(fixture.again(once)).isEqualTo(once);
        assertThat(fixture.again(interval)).isEqualTo(interval);
    }

    @Test
    void createWhenSomethingIsWrongIsRefused() {
        ScheduleDefinition good = fixture.definition("good", everyMinute());

        assertRefused(ErrorCode.VALIDATION_ERROR, () -> create(good.withName("x".repeat(101))));
        assertRefused(ErrorCode.VALIDATION_ERROR, () -> create(good.withName(" x")));
        assertRefused(ErrorCode.VALIDATION_ERROR, () -> create(good.withInput(BAD_INPUT)));
        assertRefused(ErrorCode.VALIDATION_ERROR, () -> create(good.withMaxRetries(Optional.of(101))));
        assertRefused(ErrorCode.VALIDATION_ERROR, () -> create(good.withTags(List.of("a\nb"))));
        assertRefused(ErrorCode.VALIDATION_ERROR, () -> create(good.withPauseAfterFailures(Optional.of(0))));
        assertRefused(
                ErrorCode.VALIDATION_ERROR,
                () -> create(good.withPlan(SchedulePlan.of(new Timing.Once(START.minusSeconds(1))))));
        assertRefused(ErrorCode.NOT_FOUND, () -> create(good.withTask(new TaskId(UUID.randomUUID()))));
        create(good);
        assertRefused(ErrorCode.CONFLICT, () -> create(good));
    }

    private Schedule create(ScheduleDefinition definition) {
        return fixture.schedules.create(CALLER, definition, true);
    }

    @Test
    void getWhenOfAnotherTenantFindsNothing() {
        Schedule schedule = fixture.create("mine", everyMinute());
        Caller stranger = new Caller(new TenantId("other"), "stranger");

        assertThat(fixture.schedules.find(stranger, "mine")).isEmpty();
        assertThat(fixture.schedules.find(stranger, schedule.id().toString())).isEmpty();
        assertThat(fixture.schedules.stats(stranger).total()).isZero();
        assertRefused(
                ErrorCode.NOT_FOUND,
                () -> fixture.schedules.delete(stranger, schedule.id().toString(), OptionalLong.empty()));
    }

    @Test
    void listWhenFilteredAndSortedGivesWhatFits() {
        Schedule first = fixture.create("alpha", everyMinute());
        fixture.create("beta", SchedulePlan.of(Timing.Cron.of("0 12 * * *", "UTC", DstPolicy.SHIFT)));
        fixture.schedules.create(CALLER, fixture.definition("gamma", everyMinute()), false);

        assertThat(names(where(Condition.equal(ScheduleField.ENABLED, false)))).containsExactly("gamma");
        assertThat(names(where(Condition.equal(ScheduleField.CRON_EXPRESSION, "0 12 * * *"))))
                .containsExactly("beta");
        assertThat(names(where(Condition.equal(ScheduleField.HAS_NEXT_RUN, true))))
                .containsExactly("alpha", "beta");
        assertThat(names(where(Condition.equal(ScheduleField.HAS_LAST_RUN, true))))
                .isEmpty();
        assertThat(names(where(new Condition<>(ScheduleField.NAME, Operator.CONTAINS, List.of("ET")))))
                .containsExactly("beta");
        assertThat(names(where(new Condition<>(ScheduleField.NEXT_RUN, Operator.LTE, List.of(START.plusSeconds(60))))))
                .containsExactly("alpha");
        assertThat(names(where(
                        Condition.equal(ScheduleField.TASK_ID, fixture.task.id().value()))))
                .hasSize(3);
        // Lists go by the real clock, for which all of them are long overdue, or far ahead.
        boolean past = fixture.again(first).progress().nextRun().orElseThrow().isBefore(Instant.now());
        assertThat(names(where(Condition.equal(ScheduleField.IS_DUE, past)))).contains("alpha");
        assertThat(names(where(Condition.equal(ScheduleField.OVERDUE, past)))).contains("alpha");
        assertThat(names(new ListQuery<>(
                        List.of(),
                        List.of(new Order<>(ScheduleField.NEXT_RUN, true)),
                        new Slice.After(Optional.empty(), 2))))
                .containsExactly("beta", "alpha");
    }

    @Test
    void updateWhenThePlanIsAnotherBeginsAnew() {
        Schedule before = fixture.create("one", everyMinute());
        fixture.now.set(START.plusSeconds(90));

        Schedule after = fixture.schedules.update(
                CALLER,
                "one",
                definition -> definition
                        .withName("two")
                        .withPlan(SchedulePlan.of(new Timing.Interval(Duration.ofHours(1), START))),
                Optional.empty(),
                OptionalLong.of(before.revision()));

        assertThat(after.name()).isEqualTo("two");
        assertThat(after.revision()).isEqualTo(before.revision() + 1);
        assertThat(after.updatedAt()).isEqualTo(START.plusSeconds(90));
        assertThat(after.progress().nextRun()).contains(START.plus(Duration.ofHours(1)));
        assertThat(fixture.again(before)).isEqualTo(after);
    }

    @Test
    void updateWhenThePlanStaysKeepsWhatIsDue() {
        fixture.create("one", everyMinute());
        fixture.now.set(START.plusSeconds(61));

        Schedule after = fixture.schedules.update(
                CALLER, "one", before -> before.withDescription("new"), Optional.empty(), OptionalLong.empty());

        assertThat(after.progress().nextRun()).contains(START.plusSeconds(60));
    }

    @Test
    void updateWhenItIsNotAsExpectedIsRefused() {
        Schedule schedule = fixture.create("one", everyMinute());
        fixture.create("two", everyMinute());
        String id = schedule.id().toString();

        assertRefused(
                ErrorCode.PRECONDITION_FAILED,
                () -> fixture.schedules.update(
                        CALLER, id, UnaryOperator.identity(), Optional.empty(), OptionalLong.of(9)));
        assertRefused(
                ErrorCode.CONFLICT,
                () -> fixture.schedules.update(
                        CALLER, id, before -> before.withName("two"), Optional.empty(), OptionalLong.empty()));
        assertRefused(ErrorCode.PRECONDITION_FAILED, () -> fixture.schedules.delete(CALLER, id, OptionalLong.of(9)));
        assertThat(fixture.again(schedule)).isEqualTo(schedule);
    }

    @Test
    void enableWhenDisabledPlansFromNowOn() {
        Schedule schedule = fixture.create("one", everyMinute());
        Schedule disabled = fixture.schedules.disable(CALLER, "one", OptionalLong.empty());
        fixture.now.set(START.plus(Duration.ofDays(2)));

        Schedule enabled = fixture.schedules.enable(CALLER, "one", OptionalLong.empty());

        assertThat(disabled.enabled()).isFalse();
        assertThat(disabled.progress().nextRun()).isEmpty();
        assertThat(enabled.progress().nextRun())
                .contains(START.plus(Duration.ofDays(2)).plusSeconds(60));
        assertThat(fixture.again(schedule)).isEqualTo(enabled);
    }

    @Test
    void enableWhenNothingIsPlannedAnyMoreIsRefused() {
        fixture.create("one", SchedulePlan.of(new Timing.Once(START.plusSeconds(5))));
        fixture.schedules.disable(CALLER, "one", OptionalLong.empty());
        fixture.now.set(START.plusSeconds(10));

        assertRefused(ErrorCode.CONFLICT, () -> fixture.schedules.enable(CALLER, "one", OptionalLong.empty()));
    }

    @Test
    void triggerWhenEnabledMakesAJobAtOnceBesideThePlan() {
        Schedule schedule = fixture.create("one", everyMinute());

        Job job = fixture.schedules.trigger(CALLER, "one");
        Job second = fixture.schedules.trigger(CALLER, "one");

        assertThat(job.status()).isEqualTo(JobStatus.QUEUED);
        assertThat(job.priority()).isEqualTo(JobPriority.NORMAL);
        assertThat(job.schedule()).contains(schedule.id());
        assertThat(second.id()).isNotEqualTo(job.id());
        assertThat(fixture.again(schedule)).isEqualTo(schedule);
    }

    @Test
    void triggerWhenDisabledOrOverlappingIsRefused() {
        fixture.create("skip", plan(OverlapPolicy.SKIP));
        fixture.create("cancel", plan(OverlapPolicy.CANCEL_PREVIOUS));
        fixture.schedules.create(CALLER, fixture.definition("off", everyMinute()), false);

        assertRefused(ErrorCode.CONFLICT, () -> fixture.schedules.trigger(CALLER, "off"));
        fixture.schedules.trigger(CALLER, "skip");
        assertRefused(ErrorCode.CONFLICT, () -> fixture.schedules.trigger(CALLER, "skip"));
        Job first = fixture.schedules.trigger(CALLER, "cancel");
        fixture.schedules.trigger(CALLER, "cancel");
        assertThat(fixture.jobs.get(CALLER, first.id()).status()).isEqualTo(JobStatus.CANCELLED);
    }

    @Test
    void triggerWhenRefusedLeavesTheJobsBefore() {
        fixture.create("cancel", plan(OverlapPolicy.CANCEL_PREVIOUS));
        Job first = fixture.schedules.trigger(CALLER, "cancel");
        fixture.newTasks()
                .update(CALLER, fixture.task.id().toString(), TaskChange.enabled(false), OptionalLong.empty());

        assertRefused(ErrorCode.CONFLICT, () -> fixture.schedules.trigger(CALLER, "cancel"));

        assertThat(fixture.jobs.get(CALLER, first.id()).status()).isEqualTo(JobStatus.QUEUED);
    }

    @Test
    void previewWhenJitteredShowsWhenJobsBegin() {
        SchedulePlan jittered = new SchedulePlan(
                new Timing.Interval(Duration.ofMinutes(1), START),
                Optional.empty(),
                Optional.empty(),
                Optional.of(2L),
                MisfirePolicy.DEFAULT,
                OverlapPolicy.ALLOW,
                Duration.ofMinutes(5));
        Schedule schedule = fixture.create("one", jittered);

        var runs = fixture.schedules.preview(CALLER, "one", 5);

        assertThat(runs).hasSize(2);
        assertThat(runs.getFirst().plannedFor()).isEqualTo(START.plusSeconds(60));
        assertThat(runs.getFirst().startsAt()).isEqualTo(jittered.jobTime(schedule.id(), START.plusSeconds(60)));
        assertThat(fixture.schedules.preview(jittered, 1)).containsExactly(START.plusSeconds(60));
        assertRefused(ErrorCode.VALIDATION_ERROR, () -> fixture.schedules.preview(jittered, 1001));
    }

    @Test
    void statsWhenSomeAreDueCountsThem() {
        fixture.create("one", everyMinute());
        fixture.create("two", SchedulePlan.of(new Timing.Interval(Duration.ofHours(1), START)));
        fixture.schedules.create(CALLER, fixture.definition("off", everyMinute()), false);
        fixture.now.set(START.plusSeconds(60));

        ScheduleStore.Stats stats = fixture.schedules.stats(CALLER);

        assertThat(stats).isEqualTo(new ScheduleStore.Stats(3, 2, 1));
        assertThat(stats.disabled()).isEqualTo(1);
    }

    @Test
    void deleteWhenItHasJobsLeavesThem() {
        Schedule schedule = fixture.create("one", everyMinute());
        Job job = fixture.schedules.trigger(CALLER, "one");

        fixture.schedules.delete(CALLER, "one", OptionalLong.of(schedule.revision()));

        assertThat(fixture.schedules.find(CALLER, "one")).isEmpty();
        assertThat(fixture.jobs.get(CALLER, job.id()).status()).isEqualTo(JobStatus.QUEUED);
    }

    @Test
    void dueWhenThereAreManyUsesItsIndex() {
        String explain = fixture.database.settings().database() instanceof StorageSettings.Sqlite
                ? "explain query plan "
                : "explain ";
        String plan = fixture.database.get(Sql.class).commit(session -> {
            session.update("update schedules set name = name");
            if (explain.equals("explain ")) {
                // An empty table is read as a whole otherwise.
                session.update("set local enable_seqscan = off");
            }
            return String.join(
                    "\n",
                    session.query(
                            explain + "select fire_at from schedules where enabled and fire_at is not null "
                                    + "order by fire_at limit 1",
                            row -> row.getString(row.getMetaData().getColumnCount())));
        });

        assertThat(plan)
                .contains("schedules_due")
                .doesNotContainIgnoringCase("sort")
                .doesNotContain("TEMP B-TREE");
    }
}

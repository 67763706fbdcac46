package dev.ratchet.storage;

import static dev.ratchet.storage.SchedulesFixture.BAD_INPUT;
import static dev.ratchet.storage.SchedulesFixture.CALLER;
import static dev.ratchet.storage.SchedulesFixture.START;
import static dev.ratchet.storage.SchedulesFixture.everyMinute;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.schedule.MisfirePolicy;
import dev.ratchet.core.schedule.OverlapPolicy;
import dev.ratchet.core.schedule.Schedule;
import dev.ratchet.core.schedule.SchedulePlan;
import dev.ratchet.core.schedule.ScheduleStore;
import dev.ratchet.core.schedule.Timing;
import dev.ratchet.storage.SchedulesFixture.Made;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource
@Timeout(120)
class ScheduleTickerTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final SchedulesFixture fixture;

    ScheduleTickerTest(TestDatabase.Vendor vendor) {
        fixture = new SchedulesFixture(vendor);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static SchedulePlan plan(OverlapPolicy overlap, MisfirePolicy misfire, Optional<Long> maxExecutions) {
        return new SchedulePlan(
                new Timing.Interval(MINUTE, START),
                Optional.empty(),
                Optional.empty(),
                maxExecutions,
                misfire,
                overlap,
                Duration.ZERO);
    }

    private static SchedulePlan plan(OverlapPolicy overlap) {
        return plan(overlap, MisfirePolicy.DEFAULT, Optional.empty());
    }

    private static Instant minute(int number) {
        return START.plus(MINUTE.multipliedBy(number));
    }

    @Test
    void tickWhenTimeComesMakesOneJobPerPlannedInstant() {
        Schedule schedule = fixture.create("every minute", everyMinute());
        fixture.startTicker();

        fixture.passUntil(minute(1).minusMillis(1));
        assertThat(fixture.jobsMade()).isEmpty();

        fixture.passUntil(minute(1));
        fixture.passUntil(minute(2).plusSeconds(5));

        assertThat(fixture.fired()).containsExactly(minute(1), minute(2));
        Schedule.Progress progress = fixture.again(schedule).progress();
        assertThat(progress.executionCount()).isEqualTo(2);
        assertThat(progress.nextRun()).contains(minute(3));
        assertThat(progress.lastRun()).contains(minute(2).plusSeconds(5));
        assertThat(fixture.again(schedule).revision()).isEqualTo(1);
    }

    @Test
    void tickWhenSeveralTickersRaceFiresEachInstantOnce() {
        List<Schedule> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(fixture.create("schedule " + i, everyMinute()));
        }
        fixture.startTicker();
        fixture.startTicker(fixture.store(), fixture.jobs(100_000));
        fixture.startTicker(fixture.store(), fixture.jobs(100_000));

        for (int i = 1; i <= 3; i++) {
            fixture.passUntil(minute(i));
        }

        List<Made> made = fixture.jobsMade();
        assertThat(made).hasSize(600);
        assertThat(new HashSet<>(made.stream()
                        .map(job -> job.schedule() + " " + job.plannedFor().orElseThrow())
                        .toList()))
                .hasSize(600);
        assertThat(all).allSatisfy(schedule -> assertThat(
                        fixture.again(schedule).progress().executionCount())
                .isEqualTo(3));
    }

    @Test
    void tickWhenTheScheduleCannotBeMovedOnMakesNoJob() {
        AtomicBoolean failing = new AtomicBoolean(true);
        AtomicBoolean failed = new AtomicBoolean();
        ScheduleStore store = (ScheduleStore) Proxy.newProxyInstance(
                ScheduleStore.class.getClassLoader(), new Class<?>[] {ScheduleStore.class}, (_, method, arguments) -> {
                    if (method.getName().equals("replace") && failing.get()) {
                        failed.set(true);
                        fixture.database
                                .get(Sql.class)
                                .within(session -> session.update("update schedules set no_such_column = 1"));
                    }
                    try {
                        return method.invoke(fixture.store(), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        Schedule schedule = fixture.create("every minute", everyMinute());
        fixture.startTicker(store, fixture.jobs);

        fixture.now.set(minute(1));
        SchedulesFixture.await(failed::get);
        assertThat(fixture.jobsMade()).isEmpty();
        assertThat(fixture.again(schedule).progress().executionCount()).isZero();

        failing.set(false);
        fixture.passUntil(minute(1).plusSeconds(20));
        // The first try that can store anything puts it off; what was due then is made up for.
        fixture.passUntil(minute(1).plusSeconds(90));
        assertThat(fixture.fired()).isNotEmpty().doesNotHaveDuplicates();
    }

    @Test
    void tickWhenMissedFiresAsTheMisfirePolicySays() {
        MisfirePolicy all = new MisfirePolicy(MisfirePolicy.Mode.ALL, Duration.ofMinutes(200));
        MisfirePolicy skip = new MisfirePolicy(MisfirePolicy.Mode.SKIP, Duration.ofDays(1));
        Schedule once = fixture.create("once", plan(OverlapPolicy.ALLOW));
        Schedule each = fixture.create("all", plan(OverlapPolicy.ALLOW, all, Optional.empty()));
        Schedule none = fixture.create("skip", plan(OverlapPolicy.ALLOW, skip, Optional.empty()));
        fixture.startTicker();

        fixture.passUntil(minute(150).plusSeconds(40));

        assertThat(fixture.again(once).progress().executionCount()).isEqualTo(1);
        assertThat(fixture.again(once).progress().missedCount()).isEqualTo(149);
        assertThat(fixture.again(each).progress().executionCount()).isEqualTo(150);
        assertThat(fixture.again(none).progress().executionCount()).isZero();
        assertThat(fixture.again(none).progress().missedCount()).isEqualTo(150);
        assertThat(fixture.again(none).progress().nextRun()).contains(minute(151));
    }

    @Test
    void tickWhenOverlapIsSkipLeavesOutWhileAJobIsUnfinished() {
        Schedule schedule = fixture.create("skip", plan(OverlapPolicy.SKIP));
        fixture.startTicker();

        fixture.passUntil(minute(1));
        fixture.passUntil(minute(2));
        fixture.finish(fixture.jobsMade().getFirst());
        fixture.passUntil(minute(3));

        assertThat(fixture.fired()).containsExactly(minute(1), minute(3));
        assertThat(fixture.again(schedule).progress().skippedCount()).isEqualTo(1);
        assertThat(fixture.again(schedule).progress().executionCount()).isEqualTo(2);
    }

    @Test
    void tickWhenOverlapIsQueueMakesJobsThatRunOneByOne() {
        fixture.create("queue", plan(OverlapPolicy.QUEUE));
        fixture.startTicker();

        fixture.passUntil(minute(1));
        fixture.passUntil(minute(2));

        assertThat(fixture.jobsMade()).hasSize(2).allSatisfy(made -> {
            var limit = fixture.jobs.get(CALLER, made.id()).concurrency().orElseThrow();
            assertThat(limit.key()).isEqualTo("schedule:" + made.schedule());
            assertThat(limit.limit()).isEqualTo(1);
        });
    }

    @Test
    void tickWhenOverlapIsCancelPreviousCancelsTheEarlierJob() {
        fixture.create("cancel", plan(OverlapPolicy.CANCEL_PREVIOUS));
        fixture.startTicker();

        fixture.passUntil(minute(1));
        fixture.passUntil(minute(2));

        assertThat(fixture.jobsMade()).extracting(Made::status).containsExactly("CANCELLED", "QUEUED");
    }

    @Test
    void tickWhenJitteredDelaysTheJobAndNotThePlan() {
        SchedulePlan plan = new SchedulePlan(
                new Timing.Interval(MINUTE, START),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                MisfirePolicy.DEFAULT,
                OverlapPolicy.ALLOW,
                Duration.ofMinutes(10));
        Schedule schedule = fixture.create("jitter", plan);
        fixture.startTicker();

        fixture.passUntil(minute(1));

        Made made = fixture.jobsMade().getFirst();
        assertThat(made.plannedFor()).contains(minute(1));
        assertThat(made.dueAt()).isEqualTo(plan.jobTime(schedule.id(), minute(1)));
        assertThat(fixture.again(schedule).progress().nextRun()).contains(minute(2));
    }

    @Test
    void tickWhenFiredAsOftenAsAllowedDisables() {
        Schedule schedule = fixture.create("twice", plan(OverlapPolicy.ALLOW, MisfirePolicy.DEFAULT, Optional.of(2L)));
        fixture.startTicker();

        for (int i = 1; i <= 4; i++) {
            fixture.passUntil(minute(i));
        }

        Schedule after = fixture.again(schedule);
        assertThat(fixture.fired()).containsExactly(minute(1), minute(2));
        assertThat(after.enabled()).isFalse();
        assertThat(after.pauseReason())
                .hasValueSatisfying(reason -> assertThat(reason).contains("2 times"));
        assertThat(after.progress().nextRun()).isEmpty();
    }

    @Test
    void tickWhenOnceHasFiredDisables() {
        Schedule schedule = fixture.create("once", SchedulePlan.of(new Timing.Once(minute(1))));
        fixture.startTicker();

        fixture.passUntil(minute(1));

        assertThat(fixture.fired()).containsExactly(minute(1));
        assertThat(fixture.again(schedule).enabled()).isFalse();
    }

    @Test
    void tickWhenTheTaskIsDisabledRecordsAFailureAndGoesOnWithOthers() {
        var other = fixture.newTask("other");
        Schedule failing = fixture.schedules.create(
                CALLER,
                fixture.definition("failing", everyMinute())
                        .withTask(other.id())
                        .withPauseAfterFailures(Optional.of(2)),
                true);
        fixture.database
                .get(Sql.class)
                .commit(session -> session.update(
                        "update tasks set enabled = ? where id = ?",
                        false,
                        other.id().toString()));
        fixture.create("fine", everyMinute());
        fixture.startTicker();

        fixture.passUntil(minute(1));
        Schedule once = fixture.again(failing);
        fixture.passUntil(minute(2));
        Schedule twice = fixture.again(failing);

        assertThat(once.enabled()).isTrue();
        assertThat(once.progress().consecutiveFailures()).isEqualTo(1);
        assertThat(once.progress().lastError())
                .hasValueSatisfying(error -> assertThat(error).contains("disabled"));
        assertThat(once.progress().executionCount()).isZero();
        assertThat(twice.enabled()).isFalse();
        assertThat(twice.pauseReason())
                .hasValueSatisfying(reason -> assertThat(reason).contains("2 failures"));
        assertThat(fixture.fired()).containsExactly(minute(1), minute(2));
    }

    @Test
    void tickWhenTheInputNoLongerValidatesRecordsAFailure() {
        Schedule schedule = fixture.create("stale", everyMinute());
        fixture.database
                .get(Sql.class)
                .commit(session -> session.update("update schedules set input = ?", BAD_INPUT.value()));
        fixture.startTicker();

        fixture.passUntil(minute(1));

        assertThat(fixture.jobsMade()).isEmpty();
        assertThat(fixture.again(schedule).progress().lastError())
                .hasValueSatisfying(error -> assertThat(error).contains("input schema"));
        assertThat(fixture.again(schedule).progress().nextRun()).contains(minute(2));
    }

    @Test
    void tickWhenTheTaskIsGoneFiresNoMore() {
        Schedule schedule = fixture.create("orphan", everyMinute());
        fixture.tasks().delete(CALLER.tenant(), fixture.task.id(), START);
        fixture.startTicker();

        fixture.passUntil(minute(1));

        assertThat(fixture.jobsMade()).isEmpty();
        assertThat(fixture.again(schedule).enabled()).isFalse();
        assertThat(fixture.again(schedule).pauseReason()).isPresent();
    }

    @Test
    void tickWhenTheQueueIsFullFiresLater() {
        Schedule first = fixture.create("first", everyMinute());
        Schedule second = fixture.create("second", SchedulePlan.of(new Timing.Once(minute(2))));
        fixture.startTicker(fixture.store(), fixture.jobs(1)).close();
        var full = fixture.startTicker(fixture.store(), fixture.jobs(1));
        fixture.passUntil(minute(1));
        fixture.schedules.disable(CALLER, first.id().toString(), OptionalLong.empty());

        fixture.now.set(minute(2));
        fixture.schedules.create(CALLER, fixture.definition("wakes", everyMinute()), true);
        full.close();
        assertThat(fixture.fired()).containsExactly(minute(1));
        assertThat(fixture.again(second).progress().nextRun()).contains(minute(2));

        fixture.startTicker();
        fixture.passUntil(minute(2).plusSeconds(20));
        assertThat(fixture.fired()).containsExactly(minute(1), minute(2));
    }

    @Test
    void tickWhenAStoredPlanCannotBeReadDisablesOnlyThatOne() {
        Schedule damaged = fixture.create("damaged", everyMinute());
        fixture.create("fine", everyMinute());
        fixture.database
                .get(Sql.class)
                .commit(session -> session.update(
                        "update schedules set plan = ? where id = ?",
                        "{\"kind\":\"lunar\"}",
                        damaged.id().toString()));
        fixture.startTicker();

        fixture.passUntil(minute(1));

        assertThat(fixture.fired()).containsExactly(minute(1));
        String reason = fixture.database
                .get(Sql.class)
                .read(session -> session.query(
                        "select pause_reason from schedules where id = ? and not enabled",
                        row -> Row.text(row, "pause_reason"),
                        damaged.id().toString()))
                .getFirst();
        assertThat(reason).contains("cannot be read").contains("lunar");
    }

    @Test
    void tickWhenChangedFollowsTheChangeAtOnce() {
        Schedule updated = fixture.create("updated", everyMinute());
        Schedule deleted = fixture.create("deleted", everyMinute());
        Schedule disabled = fixture.create("disabled", everyMinute());
        fixture.startTicker();
        fixture.passUntil(minute(1));

        fixture.schedules.update(
                CALLER,
                updated.id().toString(),
                before -> before.withPlan(SchedulePlan.of(new Timing.Interval(Duration.ofHours(1), START))),
                Optional.empty(),
                OptionalLong.empty());
        fixture.schedules.delete(CALLER, deleted.id().toString(), OptionalLong.empty());
        fixture.schedules.disable(CALLER, disabled.id().toString(), OptionalLong.empty());
        fixture.passUntil(minute(5));

        assertThat(fixture.fired()).containsOnly(minute(1)).hasSize(3);
        assertThat(fixture.again(updated).progress().nextRun()).contains(START.plus(Duration.ofHours(1)));
    }
}

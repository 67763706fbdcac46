package dev.ratchet.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.id.ScheduleId;
import dev.ratchet.core.schedule.MisfirePolicy.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SchedulePlanTest {
    private static final Timing HOURLY = Timing.Cron.of("@hourly", "UTC", DstPolicy.SHIFT);

    @Test
    void nextWhenWithinAWindowBeginsWithItsStartAndEndsBeforeItsEnd() {
        SchedulePlan plan = hourly(at("03:00"), at("06:00"), null);

        assertThat(plan.preview(at("00:00"), 0, 10)).containsExactly(at("03:00"), at("04:00"), at("05:00"));
        assertThat(plan.next(at("03:30"), 0)).contains(at("04:00"));
        assertThat(plan.next(at("05:00"), 0)).isEmpty();
    }

    @Test
    void nextWhenExecutionsAreUsedUpIsEmpty() {
        SchedulePlan plan = hourly(null, null, 3L);

        assertThat(plan.next(at("00:00"), 2)).contains(at("01:00"));
        assertThat(plan.next(at("00:00"), 3)).isEmpty();
        assertThat(plan.next(at("00:00"), 4)).isEmpty();
        assertThat(plan.preview(at("00:00"), 1, 10)).containsExactly(at("01:00"), at("02:00"));
        assertThat(plan.preview(at("00:00"), 0, 2)).containsExactly(at("01:00"), at("02:00"));
    }

    @Test
    void dueWhenExecutionsRunOutFiresTheRestAndEnds() {
        SchedulePlan plan = hourly(null, null, 3L);

        DueFires due = plan.due(at("00:00"), 1, at("05:30"), 1000);

        assertThat(due.fires()).containsExactly(at("01:00"), at("02:00"));
        assertThat(due.next()).isEmpty();
        assertThat(plan.due(due.through(), 3, at("05:30"), 1000))
                .isEqualTo(new DueFires(List.of(), Optional.empty(), at("02:00"), Optional.empty()));
    }

    @Test
    void dueWhenTheWindowHasClosedMakesUpForWhatLiesInItOnly() {
        SchedulePlan plan = hourly(at("02:30"), at("05:00"), null);

        DueFires due = plan.due(at("00:00"), 0, at("09:30"), 1000);

        assertThat(due.fires()).containsExactly(at("03:00"), at("04:00"));
        assertThat(due.next()).isEmpty();
        assertThat(plan.due(at("00:00"), 0, at("02:15"), 1000).next()).contains(at("03:00"));
    }

    @Test
    void newWhenValuesContradictIsRefused() {
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> hourly(at("03:00"), at("03:00"), null))
                .withMessageContaining("end 2026-01-01T03:00:00Z is not after start 2026-01-01T03:00:00Z")
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.VALIDATION_ERROR));
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> hourly(null, null, 0L))
                .withMessage("maxExecutions 0 is too small; accepted: 1 or more");
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> jittered(Duration.ofMillis(-1)))
                .withMessageContaining("jitter");
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> jittered(Duration.ofDays(1).plusMillis(1)))
                .withMessage("jitter PT24H0.001S is out of bounds; accepted: PT0S to PT24H");
    }

    @Test
    void requireFiresAfterWhenNothingIsPlannedIsRefused() {
        SchedulePlan past = SchedulePlan.of(new Timing.Once(at("03:00")));

        assertThat(past.requireFiresAfter(at("02:00"))).isSameAs(past);
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> past.requireFiresAfter(at("03:00")))
                .withMessageContaining("never fires after 2026-01-01T03:00:00Z");
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> hourly(at("01:10"), at("01:50"), null).requireFiresAfter(at("00:00")));
    }

    @Test
    void jobTimeWhenComputedTwiceIsTheSameAndSpreadOverTheWholeJitter() {
        SchedulePlan plan = jittered(Duration.ofMillis(9));
        ScheduleId schedule = new ScheduleId(new UUID(1, 2));
        var delays = new int[10];

        for (int hour = 0; hour < 10_000; hour++) {
            Instant planned = at("00:00").plus(Duration.ofHours(hour));
            Instant jobTime = plan.jobTime(schedule, planned);
            assertThat(plan.jobTime(schedule, planned)).isEqualTo(jobTime);
            delays[(int) Duration.between(planned, jobTime).toMillis()]++;
        }

        assertThat(Arrays.stream(delays).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(850, 1150));
        assertThat(SchedulePlan.of(HOURLY).jobTime(schedule, at("01:00"))).isEqualTo(at("01:00"));
    }

    @Test
    void jobTimeWhenSchedulesDifferIsUnrelated() {
        SchedulePlan plan = jittered(Duration.ofHours(1));
        long together = 0;
        for (int schedule = 0; schedule < 1000; schedule++) {
            Instant one = plan.jobTime(new ScheduleId(new UUID(7, schedule)), at("01:00"));
            Instant other = plan.jobTime(new ScheduleId(new UUID(7, schedule + 1L)), at("01:00"));
            together += Duration.between(one, other).abs().toSeconds() < 60 ? 1 : 0;
        }

        assertThat(together).isLessThan(100);
    }

    @Test
    void dueWhenManySchedulesTickFindsTheFewThatFire() {
        var plans = new ArrayList<SchedulePlan>();
        for (int number = 0; number < 100_000; number++) {
            String cron = number % 60 + " " + number % 24 + " * * " + number % 7;
            plans.add(SchedulePlan.of(Timing.Cron.of(cron, "Europe/Berlin", DstPolicy.SHIFT)));
        }
        Instant now = Instant.parse("2026-01-01T11:00:00Z");

        long fired = plans.stream()
                .mapToLong(plan ->
                        plan.due(now.minusSeconds(60), 0, now, 10).fires().size())
                .sum();

        // noon of a Thursday in Berlin
        assertThat(fired).isEqualTo(countOf(60, 24, 7, 0, 12, 4));
        assertThat(fired).isPositive();
    }

    private static long countOf(int minutes, int hours, int days, int minute, int hour, int day) {
        long count = 0;
        for (int number = 0; number < 100_000; number++) {
            count += number % minutes == minute && number % hours == hour && number % days == day ? 1 : 0;
        }
        return count;
    }

    private static SchedulePlan hourly(@Nullable Instant start, @Nullable Instant end, @Nullable Long maxExecutions) {
        return new SchedulePlan(
                HOURLY,
                Optional.ofNullable(start),
                Optional.ofNullable(end),
                Optional.ofNullable(maxExecutions),
                new MisfirePolicy(Mode.ALL, Duration.ofDays(1)),
                OverlapPolicy.ALLOW,
                Duration.ZERO);
    }

    private static SchedulePlan jittered(Duration jitter) {
        return new SchedulePlan(
                HOURLY,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                MisfirePolicy.DEFAULT,
                OverlapPolicy.ALLOW,
                jitter);
    }

    private static Instant at(String timeOfDay) {
        return Instant.parse("2026-01-01T" + timeOfDay + ":00Z");
    }
}

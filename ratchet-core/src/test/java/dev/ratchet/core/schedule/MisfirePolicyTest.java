package dev.ratchet.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.schedule.DueFires.GivenUp;
import dev.ratchet.core.schedule.MisfirePolicy.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MisfirePolicyTest {
    private static final Timing HOURLY = Timing.Cron.of("@hourly", "UTC", DstPolicy.SHIFT);
    private static final Timing EVERY_SECOND = Timing.Cron.of("* * * * * *", "UTC", DstPolicy.SHIFT);
    private static final Instant MIDNIGHT = Instant.parse("2026-01-01T00:00:00Z");

    /** Planned hourly; last settled at 00:00. Hours are those of 2026-01-01. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # nothing outstanding
            skip | PT24H | 00:59:59 |             |             | 01:00
            # on time
            skip | PT24H | 01:00:00 | 01:00       |             | 02:00
            skip | PT24H | 01:00:30 | 01:00       |             | 02:00
            once | PT24H | 01:00:05 | 01:00       |             | 02:00
            all  | PT24H | 01:00:05 | 01:00       |             | 02:00
            # one missed
            skip | PT24H | 01:00:31 |             | 01:00       | 02:00
            once | PT24H | 01:00:31 | 01:00       |             | 02:00
            all  | PT24H | 01:00:31 | 01:00       |             | 02:00
            # several missed
            skip | PT24H | 04:30:00 |             | 01:00-04:00 | 05:00
            once | PT24H | 04:30:00 | 04:00       | 01:00-03:00 | 05:00
            all  | PT24H | 04:30:00 | 01:00,02:00,03:00,04:00 | | 05:00
            # several missed and one on time
            skip | PT24H | 04:00:10 | 04:00       | 01:00-03:00 | 05:00
            once | PT24H | 04:00:10 | 04:00       | 01:00-03:00 | 05:00
            # some or all too late
            once | PT15M | 04:30:00 |             | 01:00-04:00 | 05:00
            all  | PT2H  | 04:30:00 | 03:00,04:00 | 01:00-02:00 | 05:00
            all  | PT2H  | 04:00:00 | 02:00,03:00,04:00 | 01:00 | 05:00
            all  | PT15M | 04:30:00 |             | 01:00-04:00 | 05:00
            # a maximum below what counts as on time
            skip | PT5S  | 01:00:05 | 01:00       |             | 02:00
            skip | PT5S  | 01:00:06 |             | 01:00       | 02:00
            once | PT5S  | 01:00:06 |             | 01:00       | 02:00
            """)
    void dueWhenInstantsAreOutstandingFollowsMode(
            String mode,
            Duration maxLateness,
            String now,
            @Nullable String fires,
            @Nullable String givenUp,
            String next) {
        DueFires due = new MisfirePolicy(Mode.of(mode), maxLateness).due(HOURLY, MIDNIGHT, at(now), 100);

        List<Instant> expected = fires == null
                ? List.of()
                : Arrays.stream(fires.split(",", -1)).map(MisfirePolicyTest::at).toList();
        assertThat(due.fires()).isEqualTo(expected);
        assertThat(due.givenUp().map(GivenUp::first)).isEqualTo(range(givenUp).map(List::getFirst));
        assertThat(due.givenUp().map(GivenUp::last)).isEqualTo(range(givenUp).map(List::getLast));
        assertThat(due.next()).contains(at(next));
        assertThat(due.through())
                .isEqualTo(
                        !expected.isEmpty()
                                ? expected.getLast()
                                : range(givenUp).map(List::getLast).orElse(MIDNIGHT));
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void dueWhenAskedAgainAfterwardsHasNothingToDo(Mode mode) {
        var policy = new MisfirePolicy(mode, Duration.ofHours(2));
        Instant now = at("10:30");

        DueFires due = policy.due(HOURLY, MIDNIGHT, now, 1000);
        DueFires again = policy.due(HOURLY, due.through(), now, 1000);

        assertThat(again).isEqualTo(new DueFires(List.of(), Optional.empty(), due.through(), Optional.of(at("11:00"))));
    }

    @Test
    void dueWhenMoreThanTheBoundIsOutstandingContinuesWithTheNextAnswer() {
        var policy = new MisfirePolicy(Mode.ALL, Duration.ofDays(1));
        Instant now = MIDNIGHT.plusSeconds(2500);
        var fires = new ArrayList<Instant>();
        Instant settled = MIDNIGHT;
        int answers = 0;

        DueFires due;
        do {
            due = policy.due(EVERY_SECOND, settled, now, 1000);
            assertThat(due.fires()).hasSizeBetween(1, 1000);
            fires.addAll(due.fires());
            settled = due.through();
            answers++;
        } while (!due.next().orElseThrow().isAfter(now));

        assertThat(answers).isEqualTo(3);
        assertThat(fires)
                .isEqualTo(IntStream.rangeClosed(1, 2500)
                        .mapToObj(MIDNIGHT::plusSeconds)
                        .toList());
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    void dueWhenYearsOfSecondsWereMissedDoesNotWalkThroughThem(Mode mode) {
        var policy = new MisfirePolicy(mode, Duration.ofMinutes(1));
        Instant now = MIDNIGHT.plus(Duration.ofDays(3650)).plusMillis(1);
        var asked = new int[1];
        PlannedFires counting = after -> {
            asked[0]++;
            return EVERY_SECOND.next(after);
        };

        DueFires due = policy.settle(counting, MIDNIGHT, now, 1000);

        assertThat(asked[0]).isLessThan(1300);
        assertThat(due.fires()).hasSize(mode == Mode.ALL ? 60 : 30);
        assertThat(due.fires().getLast()).isEqualTo(now.minusMillis(1));
        assertThat(due.givenUp())
                .contains(new GivenUp(
                        MIDNIGHT.plusSeconds(1), due.fires().getFirst().minusSeconds(1), GivenUp.MAX_COUNTED, false));
    }

    @Test
    void dueWhenTheLastInstantIsSettledHasNoNext() {
        Timing once = new Timing.Once(at("01:00"));

        DueFires due = MisfirePolicy.DEFAULT.due(once, MIDNIGHT, at("03:00"), 10);

        assertThat(due.fires()).containsExactly(at("01:00"));
        assertThat(due.next()).isEmpty();
        assertThat(MisfirePolicy.DEFAULT
                        .due(once, due.through(), at("03:00"), 10)
                        .fires())
                .isEmpty();
    }

    @Test
    void dueWhenClockWentBackFiresNothing() {
        DueFires due = MisfirePolicy.DEFAULT.due(HOURLY, at("05:00"), at("03:00"), 10);

        assertThat(due).isEqualTo(new DueFires(List.of(), Optional.empty(), at("05:00"), Optional.of(at("06:00"))));
    }

    @Test
    void newWhenLatenessOrBoundIsOutOfBoundsIsRefused() {
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> new MisfirePolicy(Mode.ALL, Duration.ZERO))
                .withMessage("maximum lateness PT0S is out of bounds; accepted: PT1S to PT87840H");
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> new MisfirePolicy(Mode.ALL, Duration.ofDays(3661)));
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> Mode.of("twice"))
                .withMessage("unknown misfire policy 'twice'; accepted: all, once, skip");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MisfirePolicy.DEFAULT.due(HOURLY, MIDNIGHT, MIDNIGHT, 1001));
        assertThatIllegalArgumentException().isThrownBy(() -> MisfirePolicy.DEFAULT.due(HOURLY, MIDNIGHT, MIDNIGHT, 0));
    }

    private static Instant at(String timeOfDay) {
        return Instant.parse("2026-01-01T" + (timeOfDay.length() == 5 ? timeOfDay + ":00" : timeOfDay) + "Z");
    }

    private static Optional<List<Instant>> range(@Nullable String text) {
        return Optional.ofNullable(text).map(range -> Arrays.stream(range.split("-", -1))
                .map(MisfirePolicyTest::at)
                .toList());
    }
}

package dev.ratchet.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TimingTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # Berlin, 29 March 2026: 02:00 is 03:00, at 01:00Z
            30 2 * * *    | Europe/Berlin | skip  | 2026-03-28T12:00Z | 2026-03-30T00:30Z 2026-03-31T00:30Z
            30 2 * * *    | Europe/Berlin | shift | 2026-03-28T12:00Z | 2026-03-29T01:30Z 2026-03-30T00:30Z
            30 2 * * *    | Europe/Berlin | first | 2026-03-28T12:00Z | 2026-03-29T01:00Z 2026-03-30T00:30Z
            30 2 * * *    | Europe/Berlin | both  | 2026-03-28T12:00Z | 2026-03-29T01:30Z 2026-03-30T00:30Z
            # 02:30 moves to 03:30, which is planned as well: one fire
            30 2,3 * * *  | Europe/Berlin | shift | 2026-03-28T12:00Z | 2026-03-29T01:30Z 2026-03-30T00:30Z
            # 02:10, 02:20 meet at the transition with 03:00
            10,20 2 * * * | Europe/Berlin | first | 2026-03-28T12:00Z | 2026-03-29T01:00Z 2026-03-30T00:10Z
            0 2,3 * * *   | Europe/Berlin | first | 2026-03-28T12:00Z | 2026-03-29T01:00Z 2026-03-30T00:00Z
            0 2,3 * * *   | Europe/Berlin | shift | 2026-03-28T12:00Z | 2026-03-29T01:00Z 2026-03-30T00:00Z
            # shifted times come between the later ones
            45 2,3 * * *  | Europe/Berlin | shift | 2026-03-29T01:15Z | 2026-03-29T01:45Z 2026-03-30T00:45Z
            50 2 * * *    | Europe/Berlin | shift | 2026-03-29T01:15Z | 2026-03-29T01:50Z
            50 2 * * *    | Europe/Berlin | shift | 2026-03-29T01:50Z | 2026-03-30T00:50Z
            # Berlin, 25 October 2026: 03:00 is 02:00, at 01:00Z
            30 2 * * *    | Europe/Berlin | skip  | 2026-10-24T12:00Z | 2026-10-25T00:30Z 2026-10-26T01:30Z
            30 2 * * *    | Europe/Berlin | shift | 2026-10-24T12:00Z | 2026-10-25T00:30Z 2026-10-26T01:30Z
            30 2 * * *    | Europe/Berlin | first | 2026-10-24T12:00Z | 2026-10-25T00:30Z 2026-10-26T01:30Z
            30 2 * * *    | Europe/Berlin | both  | 2026-10-24T12:00Z | 2026-10-25T00:30Z 2026-10-25T01:30Z 2026-10-26T01:30Z
            0 3 * * *     | Europe/Berlin | first | 2026-10-24T12:00Z | 2026-10-25T02:00Z 2026-10-26T02:00Z
            # asked during the second hour
            30 2 * * *    | Europe/Berlin | first | 2026-10-25T01:15Z | 2026-10-26T01:30Z
            30 2 * * *    | Europe/Berlin | both  | 2026-10-25T01:15Z | 2026-10-25T01:30Z 2026-10-26T01:30Z
            # New York, 8 March 2026, 07:00Z, and 1 November 2026, 06:00Z
            30 2 8 3 *    | America/New_York | skip  | 2026-01-01T00:00Z | 2027-03-08T07:30Z
            30 2 8 3 *    | America/New_York | shift | 2026-01-01T00:00Z | 2026-03-08T07:30Z 2027-03-08T07:30Z
            30 2 8 3 *    | America/New_York | first | 2026-01-01T00:00Z | 2026-03-08T07:00Z 2027-03-08T07:30Z
            30 1 1 11 *   | America/New_York | first | 2026-01-01T00:00Z | 2026-11-01T05:30Z 2027-11-01T05:30Z
            30 1 1 11 *   | America/New_York | both  | 2026-01-01T00:00Z | 2026-11-01T05:30Z 2026-11-01T06:30Z 2027-11-01T05:30Z
            # Lord Howe, half an hour: 4 October 2026, 15:30Z the day before, and 5 April 2026, 15:00Z the day before
            15 2 * * *    | Australia/Lord_Howe | skip  | 2026-10-02T16:00Z | 2026-10-04T15:15Z
            15 2 * * *    | Australia/Lord_Howe | shift | 2026-10-02T16:00Z | 2026-10-03T15:45Z 2026-10-04T15:15Z
            15 2 * * *    | Australia/Lord_Howe | first | 2026-10-02T16:00Z | 2026-10-03T15:30Z 2026-10-04T15:15Z
            45 1 * * *    | Australia/Lord_Howe | first | 2026-04-04T00:00Z | 2026-04-04T14:45Z 2026-04-05T15:15Z
            45 1 * * *    | Australia/Lord_Howe | both  | 2026-04-04T00:00Z | 2026-04-04T14:45Z 2026-04-04T15:15Z 2026-04-05T15:15Z
            # Cairo at midnight: 24 April 2026 begins at 01:00; 29 October 2026 has 23:00 twice
            0 0 * * *     | Africa/Cairo | skip  | 2026-04-23T00:00Z | 2026-04-24T21:00Z
            0 0 * * *     | Africa/Cairo | shift | 2026-04-23T00:00Z | 2026-04-23T22:00Z 2026-04-24T21:00Z
            30 0 * * *    | Africa/Cairo | first | 2026-04-23T00:00Z | 2026-04-23T22:00Z 2026-04-24T21:30Z
            30 23 * * *   | Africa/Cairo | first | 2026-10-29T00:00Z | 2026-10-29T20:30Z 2026-10-30T21:30Z
            30 23 * * *   | Africa/Cairo | both  | 2026-10-29T00:00Z | 2026-10-29T20:30Z 2026-10-29T21:30Z 2026-10-30T21:30Z
            0 0 * * *     | Africa/Cairo | both  | 2026-10-29T00:00Z | 2026-10-29T22:00Z 2026-10-30T22:00Z
            # Apia left out 30 December 2011
            0 12 * * *    | Pacific/Apia | skip  | 2011-12-29T00:00Z | 2011-12-29T22:00Z 2011-12-30T22:00Z
            0 12 * * *    | Pacific/Apia | first | 2011-12-29T00:00Z | 2011-12-29T22:00Z 2011-12-30T10:00Z 2011-12-30T22:00Z
            0 12 30 12 *  | Pacific/Apia | shift | 2011-12-29T00:00Z | 2011-12-30T22:00Z 2012-12-29T22:00Z
            0 12 30 12 *  | Pacific/Apia | skip  | 2011-12-29T00:00Z | 2012-12-29T22:00Z
            # Zones without summer time, and far away years
            30 2 * * *    | UTC          | shift | 2026-03-28T12:00Z | 2026-03-29T02:30Z
            30 2 * * *    | Asia/Kolkata | shift | 2026-03-28T12:00Z | 2026-03-28T21:00Z
            0 0 0 1 7 ? 2190 | Europe/Berlin | shift | 2026-03-28T12:00Z | 2190-06-30T22:00Z
            """)
    void nextWhenClocksChangeFollowsThePolicy(
            String expression, String zone, String dst, String after, String expected) {
        Timing timing = Timing.Cron.of(expression, zone, DstPolicy.of(dst));
        List<Instant> instants =
                Arrays.stream(expected.split(" ", -1)).map(TimingTest::minute).toList();

        assertThat(timing.preview(minute(after), instants.size())).isEqualTo(instants);
    }

    @ParameterizedTest
    @CsvSource({"skip,13", "shift,13", "first,13", "both,25"})
    void nextWhenEveryFiveMinutesThroughAnOverlapGoesOnOnlyUnderBoth(String dst, int fires) {
        Timing timing = Timing.Cron.of("*/5 * * * *", "Europe/Berlin", DstPolicy.of(dst));
        Instant first = Instant.parse("2026-10-25T00:00:00Z");

        List<Instant> preview = timing.preview(first.minusSeconds(1), 25);

        assertThat(preview.stream().filter(fire -> !fire.isAfter(Instant.parse("2026-10-25T02:00:00Z"))))
                .hasSize(fires);
        assertThat(preview.subList(0, 12))
                .isEqualTo(Stream.iterate(first, fire -> fire.plusSeconds(300))
                        .limit(12)
                        .toList());
    }

    @ParameterizedTest
    @EnumSource(DstPolicy.class)
    void nextWhenEveryFiveMinutesThroughAGapNeverPauses(DstPolicy dst) {
        Timing timing = Timing.Cron.of("*/5 * * * *", "Europe/Berlin", dst);
        Instant before = Instant.parse("2026-03-29T00:00:00Z");

        assertThat(timing.preview(before, 36))
                .isEqualTo(Stream.iterate(before.plusSeconds(300), fire -> fire.plusSeconds(300))
                        .limit(36)
                        .toList());
    }

    @Test
    void nextWhenEveryFireFallsIntoAGapIsEmptyInBoundedTime() {
        Timing skipped = Timing.Cron.of("30 2 * 3 SUNL", "Europe/Berlin", DstPolicy.SKIP);

        Optional<Instant> next = skipped.next(NOON);

        assertThat(next).isEmpty();
    }

    /** Against the definition itself, minute by minute, around random transitions of many zones. */
    @ParameterizedTest
    @EnumSource(DstPolicy.class)
    void nextWhenComparedWithEveryMinuteAroundTransitionsAgrees(DstPolicy dst) {
        var random = new SplittableRandom(dst.wireName().hashCode());
        List<String> zones = new ArrayList<>(new TreeSet<>(ZoneId.getAvailableZoneIds()));
        zones.removeIf(name -> name.startsWith("SystemV/"));
        List<String> always = List.of(
                "Europe/Berlin",
                "America/New_York",
                "Australia/Lord_Howe",
                "Africa/Cairo",
                "Pacific/Apia",
                "America/Havana",
                "Africa/Casablanca",
                "Antarctica/Troll",
                "Asia/Pyongyang");
        int compared = 0;
        for (int round = 0; round < 300; round++) {
            String name = round < 5 * always.size()
                    ? always.get(round % always.size())
                    : zones.get(random.nextInt(zones.size()));
            ZoneRules rules = ZoneId.of(name).getRules();
            Instant start = Instant.parse("1971-01-01T00:00:00Z").plusSeconds(random.nextLong(2_500_000_000L));
            ZoneOffsetTransition transition = rules.nextTransition(start);
            if (transition == null) {
                continue;
            }
            Instant from = transition.getInstant().minusSeconds(36 * 3600 + random.nextInt(3600));
            Instant to = transition.getInstant().plusSeconds(36 * 3600);
            RandomCron cron = RandomCron.with(random);
            Set<Instant> expected = byDefinition(cron.matches(), rules, dst, from, to);
            Timing timing;
            try {
                timing = Timing.Cron.of(cron.text(), name, dst);
            } catch (RatchetException e) {
                assertThat(expected).isEmpty();
                continue;
            }

            var fires = new ArrayList<Instant>();
            Optional<Instant> next = timing.next(from);
            while (next.isPresent() && !next.get().isAfter(to)) {
                fires.add(next.get());
                next = timing.next(next.get());
            }

            assertThat(fires)
                    .as("%s in %s around %s", cron.text(), name, transition)
                    .containsExactlyElementsOf(expected);
            compared += fires.size();
        }
        assertThat(compared).isGreaterThan(1000);
    }

    private static Set<Instant> byDefinition(
            Predicate<LocalDateTime> matches, ZoneRules rules, DstPolicy dst, Instant from, Instant to) {
        var fires = new TreeSet<Instant>();
        LocalDateTime end = LocalDateTime.ofInstant(to, ZoneOffset.UTC).plusDays(3);
        LocalDateTime begin =
                LocalDateTime.ofInstant(from, ZoneOffset.UTC).minusDays(3).withSecond(0);
        for (LocalDateTime local = begin; local.isBefore(end); local = local.plusMinutes(1)) {
            if (matches.test(local)) {
                fires.addAll(instants(local, rules, dst));
            }
        }
        fires.removeIf(fire -> !fire.isAfter(from) || fire.isAfter(to));
        return fires;
    }

    private static List<Instant> instants(LocalDateTime local, ZoneRules rules, DstPolicy dst) {
        List<ZoneOffset> offsets = rules.getValidOffsets(local);
        return switch (offsets.size()) {
            case 0 -> {
                ZoneOffsetTransition gap = rules.getTransition(local);
                yield switch (dst) {
                    case SKIP -> List.of();
                    case FIRST -> List.of(gap.getInstant());
                    case SHIFT, BOTH -> List.of(local.plus(gap.getDuration()).toInstant(gap.getOffsetAfter()));
                };
            }
            case 1 -> List.of(local.toInstant(offsets.getFirst()));
            default ->
                dst == DstPolicy.BOTH
                        ? offsets.stream().map(local::toInstant).toList()
                        : List.of(local.toInstant(offsets.getFirst()));
        };
    }

    @Test
    void nextWhenTimeEndsOrHasNotBegunStaysWithinIt() {
        Timing daily = Timing.Cron.of("@daily", "Europe/Berlin", DstPolicy.SHIFT);

        assertThat(daily.next(Instant.MAX)).isEmpty();
        assertThat(daily.next(Instant.parse("9999-12-30T12:00:00Z"))).contains(Instant.parse("9999-12-30T23:00:00Z"));
        assertThat(daily.next(Instant.parse("9999-12-30T23:00:00Z"))).isEmpty();
        assertThat(daily.next(Instant.MIN)).contains(Instant.parse("1969-12-31T23:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource({
        "EST, America/Panama, -18000",
        "MST, America/Phoenix, -25200",
        "HST, Pacific/Honolulu, -36000",
        "EST5EDT, EST5EDT, -18000",
        "Etc/GMT+5, Etc/GMT+5, -18000"
    })
    void cronWhenZoneIsAnOtherNameOfTheDatabaseIsTaken(String zone, String shown, int offset) {
        Timing.Cron cron = Timing.Cron.of("@daily", zone, DstPolicy.SHIFT);

        assertThat(cron.zone().getId()).isEqualTo(shown);
        assertThat(cron.zone()
                        .getRules()
                        .getOffset(Instant.parse("2026-01-15T00:00:00Z"))
                        .getTotalSeconds())
                .isEqualTo(offset);
    }

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlyn, did you mean 'Europe/Berlin'?",
        "Mars/Olympus, accepted: names of the IANA time zone database",
        "SystemV/AST4, unknown time zone 'SystemV/AST4'",
        "CEST, did you mean 'CET'?",
        "europe/berlin, did you mean 'Europe/Berlin'?",
        "+02:00, accepted: names of the IANA time zone database",
        "'', unknown time zone ''"
    })
    void cronWhenZoneIsUnknownSaysWhatIsAccepted(String zone, String message) {
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> Timing.Cron.of("@daily", zone, DstPolicy.SHIFT))
                .withMessageContaining(message)
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.VALIDATION_ERROR));
    }

    @Test
    void dstPolicyWhenUnknownIsRefused() {
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> DstPolicy.of("skp"))
                .withMessage("unknown DST policy 'skp'; did you mean 'skip'?");
        assertThat(Arrays.stream(DstPolicy.values()).map(DstPolicy::wireName).map(DstPolicy::of))
                .containsExactly(DstPolicy.values());
        assertThat(Arrays.stream(OverlapPolicy.values()).map(OverlapPolicy::wireName))
                .containsExactly("allow", "skip", "queue", "cancel_previous");
    }

    @Test
    void intervalWhenAskedCountsFromItsAnchor() {
        Timing interval = new Timing.Interval(Duration.ofMinutes(7), NOON);

        assertThat(interval.next(Instant.MIN)).contains(NOON);
        assertThat(interval.next(NOON.minusMillis(1))).contains(NOON);
        assertThat(interval.next(NOON)).contains(NOON.plusSeconds(420));
        assertThat(interval.next(NOON.plusSeconds(420).minusNanos(1))).contains(NOON.plusSeconds(420));
        assertThat(interval.next(NOON.plusSeconds(420))).contains(NOON.plusSeconds(840));
        assertThat(interval.next(Timing.END_OF_TIME.minusSeconds(1))).isEmpty();
        assertThat(interval.next(Instant.MAX)).isEmpty();
        assertThat(interval.preview(NOON, 3))
                .containsExactly(NOON.plusSeconds(420), NOON.plusSeconds(840), NOON.plusSeconds(1260));
    }

    @Test
    void intervalWhenOutOfBoundsIsRefused() {
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> new Timing.Interval(Duration.ofMillis(999), NOON))
                .withMessage("interval PT0.999S is out of bounds; accepted: PT1S to PT87840H");
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> new Timing.Interval(Duration.ofDays(3661), NOON))
                .withMessageContaining("interval");
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> new Timing.Interval(Duration.ofDays(1), Instant.MAX))
                .withMessageContaining("anchor");
    }

    @Test
    void onceWhenItsInstantHasPartsOfAMillisecondFiresOnce() {
        Timing once = new Timing.Once(NOON.plusNanos(1_999_999));

        assertThat(once.next(NOON)).contains(NOON.plusMillis(1));
        assertThat(once.next(NOON.plusMillis(1))).isEmpty();
        assertThat(once.preview(NOON, 5)).containsExactly(NOON.plusMillis(1));
    }

    @Test
    void previewWhenCountIsOutOfBoundsIsRefused() {
        Timing once = new Timing.Once(NOON);

        assertThat(once.preview(NOON.minusSeconds(1), 0)).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> once.preview(NOON, 1001));
        assertThatIllegalArgumentException().isThrownBy(() -> once.preview(NOON, -1));
    }

    /** {@code 2026-01-01T00:00Z}, without seconds. */
    private static Instant minute(String text) {
        return LocalDateTime.parse(text.replace("Z", "")).toInstant(ZoneOffset.UTC);
    }
}

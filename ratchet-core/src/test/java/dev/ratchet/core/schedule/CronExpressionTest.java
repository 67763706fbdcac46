package dev.ratchet.core.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronExpressionTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # fields
            */15 * * * *          | 2026-01-01T00:00    | 2026-01-01T00:15    2026-01-01T00:30    2026-01-01T00:45
            5 4 * * *             | 2026-01-01T04:05    | 2026-01-02T04:05    2026-01-03T04:05
            59 23 31 12 *         | 2026-01-01T00:00    | 2026-12-31T23:59    2027-12-31T23:59
            0 0 1 1 *             | 2026-12-31T23:59:59 | 2027-01-01T00:00    2028-01-01T00:00
            */10 * * * * *        | 2026-01-01T00:00:55 | 2026-01-01T00:01    2026-01-01T00:01:10
            30 0 12 * * *         | 2026-01-01T12:00:30 | 2026-01-02T12:00:30
            0 0 12 1 1 * 2027     | 2026-01-01T00:00    | 2027-01-01T12:00
            0 0 12 1 1 ? 2027/10  | 2030-01-01T00:00    | 2037-01-01T12:00    2047-01-01T12:00
            0 0 0 29 2 ? 2025-2030| 2026-01-01T00:00    | 2028-02-29T00:00
            0 9-17/4 * * *        | 2026-01-01T10:00    | 2026-01-01T13:00    2026-01-01T17:00    2026-01-02T09:00
            0 5/8 * * *           | 2026-01-01T00:00    | 2026-01-01T05:00    2026-01-01T13:00    2026-01-01T21:00
            0 22-1 * * *          | 2026-01-01T12:00    | 2026-01-01T22:00    2026-01-01T23:00    2026-01-02T00:00
            15,45 1,2 * * *       | 2026-01-01T01:20    | 2026-01-01T01:45    2026-01-01T02:15
            0 0 1 jan,Jul *       | 2026-01-01T00:00    | 2026-07-01T00:00    2027-01-01T00:00
            0 0 1 NOV-FEB/2 *     | 2026-01-01T00:00    | 2026-11-01T00:00    2027-01-01T00:00
            # blank space
            '  0   0 * * *  '     | 2026-01-01T00:00    | 2026-01-02T00:00
            # leap days, over the year 2100 that has none
            0 0 29 2 *            | 2096-01-01T00:00    | 2096-02-29T00:00    2104-02-29T00:00
            0 0 29 2 *            | 2000-02-29T00:00    | 2004-02-29T00:00
            # days of the week: 2026-01-01 is a Thursday
            0 0 * * 0             | 2026-01-01T00:00    | 2026-01-04T00:00    2026-01-11T00:00
            0 0 * * 7             | 2026-01-01T00:00    | 2026-01-04T00:00    2026-01-11T00:00
            0 0 0 * * 7           | 2026-01-01T00:00    | 2026-01-04T00:00    2026-01-11T00:00
            0 0 0 ? * 1 2026      | 2026-01-01T00:00    | 2026-01-05T00:00    2026-01-12T00:00
            0 0 * * MON-FRI       | 2026-01-02T00:00    | 2026-01-05T00:00    2026-01-06T00:00
            0 0 * * 5-7           | 2026-01-01T00:00    | 2026-01-02T00:00    2026-01-03T00:00    2026-01-04T00:00
            0 0 * * 0-7           | 2026-01-01T00:00    | 2026-01-02T00:00    2026-01-03T00:00    2026-01-04T00:00
            0 0 * * FRI-MON       | 2026-01-03T00:00    | 2026-01-04T00:00    2026-01-05T00:00    2026-01-09T00:00
            0 0 * * 7-2           | 2026-01-01T00:00    | 2026-01-04T00:00    2026-01-05T00:00    2026-01-06T00:00
            0 0 * * */3           | 2026-01-01T00:00    | 2026-01-03T00:00    2026-01-04T00:00    2026-01-07T00:00
            # both days restricted: one of them is enough; with a * in one of them both must match
            0 0 13 * 5            | 2026-01-01T00:00    | 2026-01-02T00:00    2026-01-09T00:00    2026-01-13T00:00
            0 0 0 13 * 5          | 2026-01-01T00:00    | 2026-01-02T00:00    2026-01-09T00:00    2026-01-13T00:00
            0 0 0 13 * 5 2026     | 2026-01-01T00:00    | 2026-01-02T00:00    2026-01-09T00:00    2026-01-13T00:00
            0 0 30 2 MON          | 2026-01-01T00:00    | 2026-02-02T00:00    2026-02-09T00:00
            0 0 */2 * MON         | 2026-01-01T00:00    | 2026-01-05T00:00    2026-01-19T00:00    2026-02-09T00:00
            0 0 1-7 * */7         | 2026-01-01T00:00    | 2026-01-04T00:00    2026-02-01T00:00    2026-03-01T00:00
            0 0 13 * ?            | 2026-01-01T00:00    | 2026-01-13T00:00    2026-02-13T00:00
            0 0 ? * ?             | 2026-01-01T00:00    | 2026-01-02T00:00
            # L
            0 0 L * *             | 2026-01-01T00:00    | 2026-01-31T00:00    2026-02-28T00:00    2026-03-31T00:00
            0 0 L 2 *             | 2027-03-01T00:00    | 2028-02-29T00:00    2029-02-28T00:00
            0 0 L-3 * ?           | 2026-01-01T00:00    | 2026-01-28T00:00    2026-02-25T00:00
            0 0 L-30 * ?          | 2026-01-01T00:00    | 2026-03-01T00:00    2026-05-01T00:00
            0 0 1,L * *           | 2026-01-01T00:00    | 2026-01-31T00:00    2026-02-01T00:00    2026-02-28T00:00
            0 0 * * 5L            | 2026-01-01T00:00    | 2026-01-30T00:00    2026-02-27T00:00
            0 0 * * SUNL          | 2026-01-01T00:00    | 2026-01-25T00:00    2026-02-22T00:00
            0 0 * * 7L            | 2026-01-01T00:00    | 2026-01-25T00:00    2026-02-22T00:00
            # W: 2026-08-01 is a Saturday, 2026-02-15 and 2026-05-31 are Sundays, 2026-01-31 is a Saturday
            0 0 15W * ?           | 2026-02-01T00:00    | 2026-02-16T00:00    2026-03-16T00:00    2026-04-15T00:00
            0 0 1W 8 ?            | 2026-01-01T00:00    | 2026-08-03T00:00
            0 0 31W * ?           | 2026-01-01T00:00    | 2026-01-30T00:00    2026-03-31T00:00    2026-05-29T00:00
            0 0 LW * ?            | 2026-01-01T00:00    | 2026-01-30T00:00    2026-02-27T00:00    2026-03-31T00:00
            0 0 L-1W * ?          | 2026-01-01T00:00    | 2026-01-30T00:00    2026-02-27T00:00    2026-03-30T00:00
            # #
            0 0 * * FRI#3         | 2026-01-01T00:00    | 2026-01-16T00:00    2026-02-20T00:00
            0 0 * * 0#1           | 2026-01-01T00:00    | 2026-01-04T00:00    2026-02-01T00:00
            0 0 * * MON#2,5#2     | 2026-01-01T00:00    | 2026-01-09T00:00    2026-01-12T00:00    2026-02-09T00:00
            0 0 ? * 1#5           | 2026-01-01T00:00    | 2026-03-30T00:00    2026-06-29T00:00
            0 0 ? 2 TUE#5         | 2026-01-01T00:00    | 2028-02-29T00:00    2056-02-29T00:00
            0 0 ? 2 TUE#5         | 2084-03-01T00:00    | 2124-02-29T00:00
            # shortcuts
            @hourly               | 2026-01-01T00:00    | 2026-01-01T01:00    2026-01-01T02:00
            @daily                | 2026-01-01T00:00    | 2026-01-02T00:00
            @Midnight             | 2026-01-01T00:00    | 2026-01-02T00:00
            @weekly               | 2026-01-01T00:00    | 2026-01-04T00:00
            @monthly              | 2026-01-01T00:00    | 2026-02-01T00:00
            @yearly               | 2026-01-01T00:00    | 2027-01-01T00:00
            @annually             | 2026-01-01T00:00    | 2027-01-01T00:00
            # before and at the beginning of time
            0 0 * * *             | 1900-01-01T00:00    | 1970-01-01T00:00    1970-01-02T00:00
            """)
    void nextWhenRepeatedGivesTheFires(String expression, LocalDateTime after, String expected) {
        List<LocalDateTime> times = List.of(expected.split(" +", -1)).stream()
                .map(LocalDateTime::parse)
                .toList();

        assertThat(fires(CronExpression.parse(expression), after, times.size())).isEqualTo(times);
    }

    @Test
    void nextWhenAfterHasPartsOfASecondGivesTheNextWholeSecond() {
        CronExpression everySecond = CronExpression.parse("* * * * * *");

        assertThat(everySecond.next(LocalDateTime.parse("2026-12-31T23:59:59.999999999")))
                .contains(LocalDateTime.parse("2027-01-01T00:00:00"));
        assertThat(everySecond.next(LocalDateTime.parse("2026-01-01T00:00:00.5")))
                .contains(LocalDateTime.parse("2026-01-01T00:00:01"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 0 12 1 1 ? 2020", "0 0 12 1 1 ? 1999-2026"})
    void nextWhenTheYearsAreOverIsEmpty(String expression) {
        assertThat(CronExpression.parse(expression).next(LocalDateTime.parse("2026-01-01T12:00")))
                .isEmpty();
    }

    @Test
    void nextWhenTimeEndsIsEmpty() {
        CronExpression daily = CronExpression.parse("@daily");

        assertThat(daily.next(LocalDateTime.parse("9999-12-31T00:00"))).isEmpty();
        assertThat(daily.next(LocalDateTime.MAX)).isEmpty();
        assertThat(daily.next(LocalDateTime.MIN)).contains(LocalDateTime.parse("1970-01-01T00:00"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            61 * * * *         | 1:1  | minute: '61' is not within 0-59; accepted: 0-59, *, ranges
            * 24 * * *         | 1:3  | hour: '24' is not within 0-23
            * * 0 * *          | 1:5  | day of month: '0' is not within 1-31
            * * * 13 *         | 1:7  | month: '13' is not within 1-12; accepted: 1-12 or JAN,FEB
            * * * * 8          | 1:9  | day of week: '8' is not within 0-7
            60 * * * * *       | 1:1  | second: '60' is not within 0-59
            * * * * * * 1969   | 1:13 | year: '1969' is not within 1970-2199
            * * * * * * 30-20  | 1:13 | year: '30-20' is not within 1970-2199
            * * * * * * 2030-2020 | 1:13 | year: '2030-2020' ends before it begins
            */0 * * * *        | 1:1  | minute: '*/0' has no step from 1 to 60
            */90 * * * *       | 1:1  | minute: '*/90' has no step from 1 to 60
            1/2/3 * * * *      | 1:1  | minute: '1/2/3' has no step
            */ * * * *         | 1:1  | minute: '*/' has no step
            1,,2 * * * *       | 1:1  | minute: '' cannot be read
            1- * * * *         | 1:1  | minute: '1-' cannot be read
            -1 * * * *         | 1:1  | minute: '-1' cannot be read
            +1 * * * *         | 1:1  | minute: '+1' cannot be read
            ١ * * * *          | 1:1  | minute: '١' cannot be read
            99999999999 * * * *| 1:1  | minute: '99999999999' cannot be read
            ? * * * *          | 1:1  | minute: '?' cannot be read
            * L * * *          | 1:3  | hour: 'L' cannot be read
            H * * * *          | 1:1  | minute: 'H' cannot be read
            * * * JANUARY *    | 1:7  | month: 'JANUARY' cannot be read
            * * * MON *        | 1:7  | month: 'MON' cannot be read
            * * * * AN         | 1:9  | day of week: 'AN' cannot be read
            * * * * MO         | 1:9  | day of week: 'MO' cannot be read
            * * * * L          | 1:9  | day of week: 'L' does not say which day
            * * * * XXXL       | 1:9  | day of week: 'XXXL' cannot be read
            * * * * 5#6        | 1:9  | day of week: '5#6' has no number from 1 to 5 after #
            * * * * 5#         | 1:9  | day of week: '5#' has no number
            * * * * 1-5#2      | 1:9  | day of week: '1-5#2' cannot be read
            * * * * MON,?      | 1:9  | day of week: '?' cannot be read
            * * L-31 * *       | 1:5  | day of month: 'L-31' is not 1 to 30 days before
            * * W * *          | 1:5  | day of month: 'W' cannot be read
            * * 32W * *        | 1:5  | day of month: '32W' is not within 1-31
            """)
    void parseWhenOnePartIsWrongNamesFieldPartAndWhatIsAccepted(String expression, String position, String message) {
        RatchetException refusal = catchThrowableOfType(RatchetException.class, () -> CronExpression.parse(expression));

        assertThat(refusal.code()).isEqualTo(ErrorCode.VALIDATION_ERROR);
        assertThat(refusal).hasMessageContaining("cron '" + expression + "': " + message);
        assertThat(refusal.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.source()).isEqualTo("cron");
            assertThat(problem.position()).isEqualTo(position);
            assertThat(problem.message()).startsWith(message).contains("; accepted: ");
        });
    }

    @Test
    void parseWhenSeveralFieldsAreWrongTellsAll() {
        RatchetException refusal =
                catchThrowableOfType(RatchetException.class, () -> CronExpression.parse("60 25 * * noon"));

        assertThat(refusal.problems()).extracting(Problem::position).containsExactly("1:1", "1:4", "1:11");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''              | has 0 fields; accepted: 5 (minute, hour
            * * * *         | has 4 fields; accepted: 5 (minute, hour
            * * * * * * * * | has 8 fields
            @dayly          | did you mean '@daily'?
            @reboot         | unknown cron shortcut '@reboot'
            @every 5m       | unknown cron shortcut
            0 0 30 2 *      | never fires: no month and year it names has such a day
            0 0 31 4,6,9,11 *       | never fires
            0 0 0 29 2 ? 2025-2027  | never fires
            0 0 0 ? 2 MON#5 2026    | never fires
            0 0 31W 2 *     | never fires
            """)
    void parseWhenTheWholeIsWrongSaysWhatIsAccepted(String expression, String message) {
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> CronExpression.parse(expression))
                .withMessageContaining(message)
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.VALIDATION_ERROR));
    }

    @Test
    void parseWhenTextIsVeryLongIsRefusedAtOnce() {
        String list = "0,".repeat(1_000_000) + "0 * * * *";

        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> CronExpression.parse(list))
                .withMessageContaining("has 2000009 characters; accepted: at most 256")
                .satisfies(refusal -> assertThat(refusal.getMessage()).hasSizeLessThan(200));
    }

    @Test
    void equalsWhenTextsAreEqualIsTrue() {
        assertThat(CronExpression.parse(" 0  0 * *\t*"))
                .isEqualTo(CronExpression.parse("0 0 * * *"))
                .hasSameHashCodeAs(CronExpression.parse("0 0 * * *"))
                .hasToString("0 0 * * *")
                .isNotEqualTo(CronExpression.parse("0 1 * * *"));
    }

    @Test
    void nextWhenComparedWithEveryMinuteOfYearsAgrees() {
        var random = new SplittableRandom(20260101);
        int compared = 0;
        for (int round = 0; round < 400; round++) {
            RandomCron cron = RandomCron.with(random);
            Optional<CronExpression> parsed = parsed(cron.text());
            if (parsed.isEmpty()) {
                continue;
            }
            LocalDateTime after = LocalDateTime.parse("2026-01-01T00:00").plusMinutes(random.nextInt(4_000_000));
            var expected = new ArrayList<LocalDateTime>();
            LocalDateTime end = after.plusDays(90);
            for (LocalDateTime minute = after.plusMinutes(1); minute.isBefore(end); minute = minute.plusMinutes(1)) {
                if (cron.matches().test(minute)) {
                    expected.add(minute);
                }
            }
            List<LocalDateTime> fires = new ArrayList<>();
            Optional<LocalDateTime> next = parsed.get().next(after);
            while (next.isPresent() && next.get().isBefore(end)) {
                fires.add(next.get());
                next = parsed.get().next(next.get());
            }

            assertThat(fires).as("%s after %s", cron.text(), after).isEqualTo(expected);
            compared += expected.size();
        }
        assertThat(compared).isGreaterThan(100_000);
    }

    /** Random expressions may name days that never come. */
    private static Optional<CronExpression> parsed(String text) {
        try {
            return Optional.of(CronExpression.parse(text));
        } catch (RatchetException e) {
            assertThat(e).hasMessageContaining("never fires");
            return Optional.empty();
        }
    }

    private static List<LocalDateTime> fires(CronExpression expression, LocalDateTime after, int count) {
        var fires = new ArrayList<LocalDateTime>();
        Optional<LocalDateTime> next = expression.next(after);
        while (next.isPresent() && fires.size() < count) {
            fires.add(next.get());
            next = expression.next(next.get());
        }
        return fires;
    }
}

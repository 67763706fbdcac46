package dev.ratchet.core.schedule;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.List;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * A random expression of five fields together with its meaning, told in the plainest way: a question about one minute.
 * Shares nothing with the code it checks.
 */
record RandomCron(String text, Predicate<LocalDateTime> matches) {

    static RandomCron with(RandomGenerator random) {
        Part<Integer> minute = number(random, 0, 59);
        Part<Integer> hour = number(random, 0, 23);
        Part<Integer> month = number(random, 1, 12);
        Part<LocalDate> dayOfMonth = dayOfMonth(random);
        Part<LocalDate> dayOfWeek = dayOfWeek(random);
        boolean either = !dayOfMonth.text.contains("*") && !dayOfWeek.text.contains("*");
        Predicate<LocalDate> day =
                either ? dayOfMonth.matches.or(dayOfWeek.matches) : dayOfMonth.matches.and(dayOfWeek.matches);
        return new RandomCron(
                String.join(" ", minute.text, hour.text, dayOfMonth.text, month.text, dayOfWeek.text),
                time -> minute.matches.test(time.getMinute())
                        && hour.matches.test(time.getHour())
                        && month.matches.test(time.getMonthValue())
                        && day.test(time.toLocalDate()));
    }

    private record Part<T>(String text, Predicate<T> matches) {}

    private static Part<Integer> number(RandomGenerator random, int min, int max) {
        int a = random.nextInt(min, max + 1);
        int b = random.nextInt(min, max + 1);
        int step = random.nextInt(1, max - min + 2);
        return switch (random.nextInt(6)) {
            case 0 -> new Part<>("*", value -> true);
            case 1 -> new Part<>("*/" + step, value -> (value - min) % step == 0);
            case 2 -> new Part<>(a + "/" + step, value -> value >= a && (value - a) % step == 0);
            case 3 -> new Part<>(a + "-" + b, value -> a <= b ? a <= value && value <= b : value >= a || value <= b);
            case 4 ->
                new Part<>(
                        Math.min(a, b) + "-" + Math.max(a, b) + "/" + step,
                        value -> Math.min(a, b) <= value
                                && value <= Math.max(a, b)
                                && (value - Math.min(a, b)) % step == 0);
            default -> {
                var values = new TreeSet<>(List.of(a));
                values.add(b);
                values.add(random.nextInt(min, max + 1));
                yield new Part<>(
                        String.join(",", values.stream().map(String::valueOf).toList()), values::contains);
            }
        };
    }

    private static Part<LocalDate> dayOfMonth(RandomGenerator random) {
        int day = random.nextInt(1, 29);
        return switch (random.nextInt(8)) {
            case 0 -> new Part<>("L", date -> date.equals(last(date)));
            case 1 ->
                new Part<>(
                        "L-" + day,
                        date -> date.equals(last(date).minusDays(day))
                                && date.getMonth() == last(date).minusDays(day).getMonth());
            case 2 -> new Part<>(day + "W", date -> date.equals(nearestWeekday(date.withDayOfMonth(day))));
            case 3 -> new Part<>("LW", date -> date.equals(nearestWeekday(last(date))));
            case 4, 5 -> new Part<>("*", date -> true);
            default -> {
                Part<Integer> number = number(random, 1, 31);
                yield new Part<>(number.text, date -> number.matches.test(date.getDayOfMonth()));
            }
        };
    }

    private static Part<LocalDate> dayOfWeek(RandomGenerator random) {
        DayOfWeek day = DayOfWeek.of(random.nextInt(1, 8));
        int ordinal = random.nextInt(1, 6);
        IntFunction<String> name = number -> random.nextBoolean()
                ? String.valueOf(number == 7 && random.nextBoolean() ? 0 : number)
                : DayOfWeek.of(number).name().substring(0, 3);
        return switch (random.nextInt(7)) {
            case 0 ->
                new Part<>(
                        name.apply(day.getValue()) + "L",
                        date -> date.equals(date.with(TemporalAdjusters.lastInMonth(day))));
            case 1 ->
                new Part<>(
                        name.apply(day.getValue()) + "#" + ordinal,
                        date -> date.equals(date.with(TemporalAdjusters.dayOfWeekInMonth(ordinal, day))));
            case 2 -> new Part<>(name.apply(day.getValue()), date -> date.getDayOfWeek() == day);
            case 3 -> {
                DayOfWeek to = DayOfWeek.of(random.nextInt(1, 8));
                var days = new TreeSet<DayOfWeek>();
                for (DayOfWeek each = day; each != to; each = each.plus(1)) {
                    days.add(each);
                }
                days.add(to);
                yield new Part<>(
                        name.apply(day.getValue()) + "-" + to.name().substring(0, 3),
                        date -> days.contains(date.getDayOfWeek()));
            }
            default -> new Part<>("*", date -> true);
        };
    }

    private static LocalDate last(LocalDate date) {
        return date.with(TemporalAdjusters.lastDayOfMonth());
    }

    private static LocalDate nearestWeekday(LocalDate day) {
        for (int distance : new int[] {0, -1, 1, -2, 2}) {
            LocalDate candidate = day.plusDays(distance);
            if (candidate.getMonth() == day.getMonth()
                    && candidate.getDayOfWeek().getValue() <= DayOfWeek.FRIDAY.getValue()) {
                return candidate;
            }
        }
        throw new AssertionError("every five days hold a weekday");
    }
}

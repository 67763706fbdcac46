package dev.ratchet.core.schedule;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.KnownNames;
import dev.ratchet.core.common.RatchetException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The instants a schedule plans to fire at, without regard to what was missed. All of them are whole milliseconds, none
 * lies after the year 9999, and every question about them is answered in bounded time.
 */
public sealed interface Timing {
    /** No instant is planned at or after this one. */
    Instant END_OF_TIME = Instant.parse("9999-12-31T00:00:00Z");

    /** The most instants {@link #preview} gives. */
    int MAX_PREVIEW = 1000;

    /** The first planned instant strictly after {@code after}; empty when there is none any more. */
    Optional<Instant> next(Instant after);

    /**
     * The next planned instants after {@code after}, in order; fewer than {@code count} when they end before.
     *
     * @param count 0 to {@value #MAX_PREVIEW}
     */
    default List<Instant> preview(Instant after, int count) {
        return PlannedFires.preview(this::next, after, count);
    }

    /**
     * The local times of an expression, in a time zone.
     *
     * @param expression the local times
     * @param zone where they are local
     * @param dst what becomes of local times that the zone leaves out or has twice
     */
    record Cron(CronExpression expression, ZoneId zone, DstPolicy dst) implements Timing {
        public Cron {
            Objects.requireNonNull(expression, "expression");
            Objects.requireNonNull(zone, "zone");
            Objects.requireNonNull(dst, "dst");
        }

        /**
         * Reads the expression and the zone.
         *
         * @param zone a name of the IANA time zone database such as {@code Europe/Berlin}, or {@code UTC}
         * @throws RatchetException {@link ErrorCode#VALIDATION_ERROR} for what cannot be read
         */
        public static Cron of(String expression, String zone, DstPolicy dst) {
            return new Cron(CronExpression.parse(expression), zoneNamed(zone), dst);
        }

        /** Names of the database that the JDK knows under its own rules for short names only. */
        private static final Set<String> SHORT = Set.of("EST", "MST", "HST");

        private static ZoneId zoneNamed(String name) {
            if (SHORT.contains(name)) {
                return ZoneId.of(name, ZoneId.SHORT_IDS);
            }
            // ZoneId.of alone would take offsets as well.
            if (!isInDatabase(name) || !ZoneId.getAvailableZoneIds().contains(name)) {
                throw unknownZone(name);
            }
            return ZoneId.of(name);
        }

        /** The JDK still has zones of System V, which have left the database. */
        private static boolean isInDatabase(String name) {
            return !name.startsWith("SystemV/");
        }

        private static Set<String> zoneNames() {
            Set<String> names = new HashSet<>(ZoneId.getAvailableZoneIds());
            names.removeIf(name -> !isInDatabase(name));
            names.addAll(SHORT);
            return names;
        }

        private static RatchetException unknownZone(String name) {
            String shown = name.length() > 64 ? name.substring(0, 64) + "…" : name;
            return new RatchetException(
                    ErrorCode.VALIDATION_ERROR,
                    "unknown time zone '" + shown + "'"
                            + KnownNames.nearest(name, zoneNames())
                                    .map(near -> "; did you mean '" + near + "'?")
                                    .orElse("; accepted: names of the IANA time zone database, such as Europe/Berlin"
                                            + " or UTC"));
        }

        @Override
        public Optional<Instant> next(Instant after) {
            return new ZonedFires(expression, zone.getRules(), dst).next(after);
        }
    }

    /**
     * A fixed distance of real time: the anchor and every multiple of {@code every} after it. Summer time does not
     * matter to it.
     *
     * @param every 1 second to {@link #MAX_EVERY}; cut to milliseconds
     * @param anchor the first planned instant; cut to milliseconds
     */
    record Interval(Duration every, Instant anchor) implements Timing {
        /** The shortest interval. */
        public static final Duration MIN_EVERY = Duration.ofSeconds(1);

        /** The longest interval: ten years of 366 days. */
        public static final Duration MAX_EVERY = Duration.ofDays(3660);

        public Interval {
            if (every.compareTo(MIN_EVERY) < 0 || every.compareTo(MAX_EVERY) > 0) {
                throw new RatchetException(
                        ErrorCode.VALIDATION_ERROR,
                        "interval " + every + " is out of bounds; accepted: " + MIN_EVERY + " to " + MAX_EVERY);
            }
            requireWithinTime("anchor", anchor);
            every = every.truncatedTo(ChronoUnit.MILLIS);
            anchor = anchor.truncatedTo(ChronoUnit.MILLIS);
        }

        @Override
        public Optional<Instant> next(Instant after) {
            if (after.isBefore(anchor)) {
                return Optional.of(anchor);
            }
            if (!after.isBefore(END_OF_TIME)) {
                return Optional.empty();
            }
            long passed = Duration.between(anchor, after).toMillis();
            Instant next = anchor.plusMillis((passed / every.toMillis() + 1) * every.toMillis());
            return next.isBefore(END_OF_TIME) ? Optional.of(next) : Optional.empty();
        }
    }

    /**
     * One instant.
     *
     * @param at cut to milliseconds
     */
    record Once(Instant at) implements Timing {
        public Once {
            requireWithinTime("at", at);
            at = at.truncatedTo(ChronoUnit.MILLIS);
        }

        @Override
        public Optional<Instant> next(Instant after) {
            return after.isBefore(at) ? Optional.of(at) : Optional.empty();
        }
    }

    private static void requireWithinTime(String name, Instant instant) {

        if (instant.isBefore(Instant.EPOCH) || !instant.isBefore(END_OF_TIME)) {
            throw new RatchetException(
                    ErrorCode.VALIDATION_ERROR,
                    name + " " + instant + " is out of bounds; accepted: " + Instant.EPOCH + " to before "
                            + END_OF_TIME);
        }
    }
}

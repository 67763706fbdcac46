package dev.ratchet.core.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lays the local times of an expression on the line of instants. The line is cut at the zone's transitions; within a
 * piece the offset is constant, and the policy decides at its beginning: after a gap, local times that were left out
 * may follow; after an overlap, local times that were seen before may be left out.
 *
 * <p>Instants are seconds since 1970 here: expressions name whole seconds, and so do the offsets of zones.
 */
record ZonedFires(CronExpression expression, ZoneRules rules, DstPolicy dst) {
    /** The calendar and the rules for summer time repeat by then; a schedule that only ever meets gaps is given up. */
    private static final long HORIZON_SECONDS = Duration.ofDays(146_097).toSeconds();

    /** No clock is further ahead of UTC. */
    private static final ZoneOffset FURTHEST_AHEAD = ZoneOffset.MAX;

    /** Some time before {@link CronExpression#FIRST_YEAR} begins anywhere. */
    private static final Instant BEFORE_ALL = Instant.EPOCH.minus(Duration.ofDays(2));

    /** The first fire strictly after {@code after}. */
    Optional<Instant> next(Instant after) {
        if (!after.isBefore(Timing.END_OF_TIME)) {
            return Optional.empty();
        }
        Instant from = after.isBefore(BEFORE_ALL) ? BEFORE_ALL : after;
        return firstFrom(from.getEpochSecond() + 1)
                .map(Instant::ofEpochSecond)
                .filter(fire -> fire.isBefore(Timing.END_OF_TIME));
    }

    private Optional<Long> firstFrom(long start) {
        long earliest = start;
        long horizon = start + HORIZON_SECONDS;
        boolean atTransition = false;
        while (earliest < horizon) {
            Instant from = Instant.ofEpochSecond(earliest);
            ZoneOffsetTransition begin = rules.previousTransition(from.plusNanos(1));
            ZoneOffsetTransition end = rules.nextTransition(from);
            ZoneOffset offset = begin != null ? begin.getOffsetAfter() : rules.getOffset(from);
            LocalDateTime regular = regular(earliest, begin, offset);
            long fire = Math.min(
                    regular == null ? Long.MAX_VALUE : regular.toEpochSecond(offset), displaced(earliest, begin));
            if (fire != Long.MAX_VALUE && (end == null || fire < end.toEpochSecond())) {
                return Optional.of(fire);
            }
            if (end == null || (atTransition && regular == null)) {
                return Optional.empty();
            }
            earliest = end.toEpochSecond();
            if (atTransition && regular != null) {
                // From the start of a piece on, local times only ever step back to what lies within it, so that
                // nothing can match before the earliest instant at which any clock shows the next local time.
                earliest = Math.max(earliest, regular.toEpochSecond(FURTHEST_AHEAD));
            }
            atTransition = earliest == end.toEpochSecond();
        }
        return Optional.empty();
    }

    /** The first matching local time of the piece, from {@code earliest} on, as if the piece had no end. */
    private @Nullable LocalDateTime regular(long earliest, @Nullable ZoneOffsetTransition begin, ZoneOffset offset) {
        LocalDateTime local = LocalDateTime.ofEpochSecond(earliest, 0, offset);
        if (begin != null && begin.isOverlap() && dst != DstPolicy.BOTH && local.isBefore(begin.getDateTimeBefore())) {
            local = begin.getDateTimeBefore();
        }
        return expression.nextOrNull(local.minusSeconds(1));
    }

    /** The first instant from {@code earliest} on that stands in for a local time of the gap at {@code begin}. */
    private long displaced(long earliest, @Nullable ZoneOffsetTransition begin) {
        if (begin == null || !begin.isGap()) {
            return Long.MAX_VALUE;
        }
        long transition = begin.toEpochSecond();
        return switch (dst) {
            case SKIP -> Long.MAX_VALUE;
            case FIRST ->
                earliest == transition && inGap(transition, begin) != Long.MAX_VALUE ? transition : Long.MAX_VALUE;
            case SHIFT, BOTH ->
                earliest < transition + begin.getDuration().toSeconds() ? inGap(earliest, begin) : Long.MAX_VALUE;
        };
    }

    /** Where the first matching local time of the gap would be, from {@code earliest} on, had the clock gone on. */
    private long inGap(long earliest, ZoneOffsetTransition gap) {
        ZoneOffset before = gap.getOffsetBefore();
        LocalDateTime local = LocalDateTime.ofEpochSecond(earliest, 0, before);
        LocalDateTime match = expression.nextOrNull(local.minusSeconds(1));
        return match != null && match.isBefore(gap.getDateTimeAfter()) ? match.toEpochSecond(before) : Long.MAX_VALUE;
    }
}

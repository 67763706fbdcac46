package dev.ratchet.core.schedule;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.id.ScheduleId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything that decides when a schedule fires.
 *
 * @param timing the instants it plans
 * @param start instants before this one are left out; itself it may fire. Cut to milliseconds
 * @param end this instant and those after it are left out. Cut to milliseconds
 * @param maxExecutions how often it fires at most, 1 or more; given-up instants do not count
 * @param misfire what is done about missed instants
 * @param overlap what is done while an earlier job runs
 * @param jitter the most that a job is delayed after its planned instant, 0 to {@link #MAX_JITTER}; cut to
 *     milliseconds. It delays the job and not the planning: windows, lateness and counts go by planned instants
 */
public record SchedulePlan(
        Timing timing,
        Optional<Instant> start,
        Optional<Instant> end,
        Optional<Long> maxExecutions,
        MisfirePolicy misfire,
        OverlapPolicy overlap,
        Duration jitter) {

    /** The largest {@code jitter}. */
    public static final Duration MAX_JITTER = Duration.ofDays(1);

    public SchedulePlan {
        Objects.requireNonNull(timing, "timing");
        Objects.requireNonNull(misfire, "misfire");
        Objects.requireNonNull(overlap, "overlap");
        start = start.map(instant -> instant.truncatedTo(ChronoUnit.MILLIS));
        end = end.map(instant -> instant.truncatedTo(ChronoUnit.MILLIS));
        if (start.isPresent() && end.isPresent() && !start.get().isBefore(end.get())) {
            throw refusal("end " + end.get() + " is not after start " + start.get() + "; accepted: a later instant");
        }
        if (maxExecutions.isPresent() && maxExecutions.get() < 1) {
            throw refusal("maxExecutions " + maxExecutions.get() + " is too small; accepted: 1 or more");
        }
        if (jitter.isNegative() || jitter.compareTo(MAX_JITTER) > 0) {
            throw refusal("jitter " + jitter + " is out of bounds; accepted: " + Duration.ZERO + " to " + MAX_JITTER);
        }
        jitter = jitter.truncatedTo(ChronoUnit.MILLIS);
    }

    /** The timing with everything else at its default: no bounds, no jitter, jobs side by side. */
    public static SchedulePlan of(Timing timing) {
        return new SchedulePlan(
                timing,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                MisfirePolicy.DEFAULT,
                OverlapPolicy.ALLOW,
                Duration.ZERO);
    }

    /**
     * Refuses a plan that would never fire, for whoever creates or changes a schedule.
     *
     * @throws RatchetException {@link ErrorCode#VALIDATION_ERROR} when nothing is planned after {@code now}
     */
    public SchedulePlan requireFiresAfter(Instant now) {
        if (next(now, 0).isEmpty()) {
            throw refusal("the schedule never fires after " + now
                    + "; accepted: at least one planned instant between now and the end, if it has one");
        }
        return this;
    }

    /**
     * The first planned instant strictly after {@code after}.
     *
     * @param fired how often the schedule has fired
     */
    public Optional<Instant> next(Instant after, long fired) {
        return remaining(fired) == 0 ? Optional.empty() : nextWithinWindow(after);
    }

    /**
     * The next planned instants after {@code after}, in order, as if none of them were missed.
     *
     * @param fired how often the schedule has fired
     * @param count 0 to {@value Timing#MAX_PREVIEW}
     */
    public List<Instant> preview(Instant after, long fired, int count) {
        return PlannedFires.preview(this::nextWithinWindow, after, count).stream()
                .limit(remaining(fired))
                .toList();
    }

    /**
     * What fires at {@code now} and what is given up; see {@link MisfirePolicy#due}.
     *
     * @param lastPlanned the last planned instant already settled; for a new schedule the instant of its creation
     * @param fired how often the schedule has fired
     * @param bound the most instants to fire, 1 to {@value MisfirePolicy#MAX_BOUND}
     */
    public DueFires due(Instant lastPlanned, long fired, Instant now, int bound) {
        long remaining = remaining(fired);
        if (remaining == 0) {
            return new DueFires(List.of(), Optional.empty(), lastPlanned, Optional.empty());
        }
        int allowed = (int) Math.min(bound, remaining);
        DueFires due = misfire.settle(this::nextWithinWindow, lastPlanned, now, allowed);
        if (due.fires().size() < remaining) {
            return due;
        }
        return new DueFires(due.fires(), due.givenUp(), due.through(), Optional.empty());
    }

    /** When the job of a planned instant may begin: the instant delayed by its {@link Jitter}. */
    public Instant jobTime(ScheduleId scheduleId, Instant planned) {
        return planned.plus(Jitter.of(scheduleId, planned, jitter));
    }

    private long remaining(long fired) {
        return maxExecutions.map(max -> Math.max(0, max - fired)).orElse(Long.MAX_VALUE);
    }

    private Optional<Instant> nextWithinWindow(Instant after) {
        Instant from =
                start.map(first -> first.minusNanos(1)).filter(after::isBefore).orElse(after);
        return timing.next(from).filter(next -> end.isEmpty() || next.isBefore(end.get()));
    }

    private static RatchetException refusal(String message) {
        return new RatchetException(ErrorCode.VALIDATION_ERROR, message);
    }
}

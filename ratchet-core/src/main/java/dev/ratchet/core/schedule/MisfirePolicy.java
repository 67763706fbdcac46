package dev.ratchet.core.schedule;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.schedule.DueFires.GivenUp;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is done about planned instants that went by while nothing could fire: the server was down or the schedule's turn
 * came late. An instant at most {@link #ON_TIME} late is not missed; it fires in every mode.
 *
 * @param mode what happens to missed instants
 * @param maxLateness an instant later than this does not fire in any mode, 1 second to 3660 days
 */
public record MisfirePolicy(Mode mode, Duration maxLateness) {
    /** How late an instant may be without counting as missed; long enough for a restart or a change of node. */
    public static final Duration ON_TIME = Duration.ofSeconds(30);

    /** The least {@code maxLateness}. */
    public static final Duration MIN_LATENESS = Duration.ofSeconds(1);

    /** The largest {@code maxLateness}. */
    public static final Duration MAX_LATENESS = Duration.ofDays(3660);

    /** The most instants that fire by one answer. */
    public static final int MAX_BOUND = 1000;

    /** One fire makes up for what was missed in the last day. */
    public static final MisfirePolicy DEFAULT = new MisfirePolicy(Mode.ONCE, Duration.ofDays(1));

    /** What happens to missed instants. */
    public enum Mode {
        /** None of them fires. */
        SKIP("skip"),
        /** The newest planned instant fires for all of them, on time or not. */
        ONCE("once"),
        /** Each of them fires, oldest first. */
        ALL("all");

        private final String wireName;

        Mode(String wireName) {
            this.wireName = wireName;
        }

        /** The name in JSON and in the database. */
        public String wireName() {
            return wireName;
        }

        /**
         * The mode of that wire name.
         *
         * @throws RatchetException {@link ErrorCode#VALIDATION_ERROR} for an unknown name
         */
        public static Mode of(String wireName) {
            return WireNames.find("misfire policy", wireName, values(), Mode::wireName);
        }
    }

    public MisfirePolicy {
        Objects.requireNonNull(mode, "mode");
        if (maxLateness.compareTo(MIN_LATENESS) < 0 || maxLateness.compareTo(MAX_LATENESS) > 0) {
            throw new RatchetException(
                    ErrorCode.VALIDATION_ERROR,
                    "maximum lateness " + maxLateness + " is out of bounds; accepted: " + MIN_LATENESS + " to "
                            + MAX_LATENESS);
        }
        maxLateness = maxLateness.truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * What fires at {@code now} and what is given up. Takes bounded time however long ago {@code lastPlanned} is.
     *
     * @param lastPlanned the last planned instant already settled; for a new schedule the instant of its creation
     * @param bound the most instants to fire, 1 to {@value #MAX_BOUND}
     */
    public DueFires due(Timing timing, Instant lastPlanned, Instant now, int bound) {
        return settle(timing::next, lastPlanned, now, bound);
    }

    DueFires settle(PlannedFires planned, Instant lastPlanned, Instant now, int bound) {
        if (bound < 1 || bound > MAX_BOUND) {
            throw new IllegalArgumentException("bound must be 1 to " + MAX_BOUND + ", was " + bound);
        }
        Optional<Instant> first = planned.next(lastPlanned);
        if (first.isEmpty() || first.get().isAfter(now)) {
            return new DueFires(List.of(), Optional.empty(), lastPlanned, first);
        }
        Instant oldest = oldestThatFires(planned, lastPlanned, now);
        Optional<GivenUp> givenUp = givenUp(planned, lastPlanned, oldest);
        Instant before = givenUp.map(GivenUp::last).orElse(lastPlanned);
        List<Instant> fires = planned.within(before, now, bound);
        Instant through = fires.isEmpty() ? before : fires.getLast();
        return new DueFires(fires, givenUp, through, planned.next(through));
    }

    private Instant oldestThatFires(PlannedFires planned, Instant lastPlanned, Instant now) {
        Instant oldestAtAll = now.minus(maxLateness);
        Instant oldestOnTime = now.minus(maxLateness.compareTo(ON_TIME) < 0 ? maxLateness : ON_TIME);
        return switch (mode) {
            case SKIP -> oldestOnTime;
            case ALL -> oldestAtAll;
            case ONCE -> {
                Instant newest = planned.last(lastPlanned, now).orElse(now);
                if (newest.isBefore(oldestAtAll)) {
                    yield oldestAtAll;
                }
                yield newest.isBefore(oldestOnTime) ? newest : oldestOnTime;
            }
        };
    }

    /** Those of the outstanding instants that lie before {@code oldest}. */
    private static Optional<GivenUp> givenUp(PlannedFires planned, Instant lastPlanned, Instant oldest) {
        Instant until = oldest.minusNanos(1);
        Optional<Instant> last = planned.last(lastPlanned, until);
        if (last.isEmpty()) {
            return Optional.empty();
        }
        List<Instant> counted = planned.within(lastPlanned, until, GivenUp.MAX_COUNTED);
        boolean exact = counted.getLast().equals(last.get());
        return Optional.of(new GivenUp(counted.getFirst(), last.get(), counted.size(), exact));
    }
}

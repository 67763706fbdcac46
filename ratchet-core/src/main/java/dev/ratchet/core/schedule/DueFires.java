package dev.ratchet.core.schedule;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done about a schedule at some moment. Everything planned up to {@link #through()} is then settled, and
 * that instant is the {@code lastPlanned} of the next question.
 *
 * @param fires planned instants that fire now, oldest first
 * @param givenUp planned instants, all before the first of {@code fires}, that will never fire
 * @param through the last planned instant that is settled; the {@code lastPlanned} of the question when none is
 * @param next the first planned instant after {@code through}, empty when there is none any more. Not after the moment
 *     of the question when the bound cut {@code fires} short; then ask again
 */
public record DueFires(List<Instant> fires, Optional<GivenUp> givenUp, Instant through, Optional<Instant> next) {
    public DueFires {
        fires = List.copyOf(fires);
    }

    /**
     * Planned instants that were missed and will not be made up for.
     *
     * @param first the oldest of them
     * @param last the newest of them
     * @param count how many there are, at most {@link #MAX_COUNTED}
     * @param counted whether {@code count} is exact; false when there are more
     */
    public record GivenUp(Instant first, Instant last, int count, boolean counted) {
        /** Where counting ends: a year of seconds need not be walked through to be told. */
        public static final int MAX_COUNTED = 1000;
    }
}

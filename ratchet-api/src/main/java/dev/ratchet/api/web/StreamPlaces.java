package dev.ratchet.api.web;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.util.concurrent.Semaphore;

/** How many streams of events are open at a time. */
final class StreamPlaces {
    private final int places;
    private final Semaphore free;

    StreamPlaces(int places) {
        this.places = places;
        this.free = new Semaphore(places);
    }

    /** The place of one request, which it takes when it needs it. Not for several threads. */
    final class Place implements AutoCloseable {
        private boolean taken;

        /**
         * Takes a place, unless this request has one.
         *
         * @throws RatchetException RATE_LIMITED when none is free
         */
        void take() {
            if (!taken) {
                if (!free.tryAcquire()) {
                    throw new RatchetException(
                            ErrorCode.RATE_LIMITED, "all " + places + " streams are in use; try again later");
                }
                taken = true;
            }
        }

        @Override
        public void close() {
            if (taken) {
                taken = false;
                free.release();
            }
        }
    }

    Place place() {
        return new Place();
    }
}

package dev.ratchet.core.http;

import dev.ratchet.core.common.Cancellation;
import java.time.Duration;

/** Answers the fetches of one execution: from the network, from mocks or from a recording. Thread-safe. */
@FunctionalInterface
public interface FetchHandler {
    /**
     * An answer and when the task is to see it.
     *
     * @param answer what became of the request
     * @param virtualDelay how long it takes on a virtual clock; zero for answers that took their time already
     */
    record FetchReply(HttpAnswer answer, Duration virtualDelay) {
        /** An answer as it came. */
        public static FetchReply of(HttpAnswer answer) {
            return new FetchReply(answer, Duration.ZERO);
        }
    }

    /**
     * Answers one fetch on the calling thread.
     *
     * @param fetchId number of the fetch within its execution, from 1 in the order the task started them
     */
    FetchReply fetch(int fetchId, HttpCall call, Cancellation cancellation);
}

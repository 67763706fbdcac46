package dev.ratchet.execution.http;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.http.EgressPolicy;
import dev.ratchet.core.http.FetchHandler;
import dev.ratchet.core.http.HttpCall;
import dev.ratchet.core.http.OutboundHttp;
import java.util.Objects;
import java.util.concurrent.Semaphore;

/**
 * Answers the fetches of one execution from the network, under one policy. At most {@link #MAX_PARALLEL} requests are
 * under way at a time, so that one task can neither take every connection of the gate nor hold that many bodies in memory;
 * the others wait their turn.
 */
public final class LiveFetches implements FetchHandler {
    /** Requests of one execution that are under way at the same time. */
    public static final int MAX_PARALLEL = 8;

    private final OutboundHttp http;
    private final EgressPolicy policy;
    private final Semaphore turns = new Semaphore(MAX_PARALLEL, true);

    /**
     * @param http the gate; not closed here
     * @param policy what the task may reach
     */
    public LiveFetches(OutboundHttp http, EgressPolicy policy) {
        this.http = Objects.requireNonNull(http, "http");
        this.policy = Objects.requireNonNull(policy, "policy");
    }

    @Override
    public FetchReply fetch(int fetchId, HttpCall call, Cancellation cancellation) {
        turns.acquireUninterruptibly();
        try {
            // The gate looks at the cancellation first, so one that was given up while waiting is not sent.
            return FetchReply.of(http.send(call, policy, cancellation));
        } finally {
            turns.release();
        }
    }
}

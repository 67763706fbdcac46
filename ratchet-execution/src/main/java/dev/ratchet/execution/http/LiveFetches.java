package dev.ratchet.execution.http;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.http.EgressPolicy;
import dev.ratchet.core.http.FetchHandler;
import dev.ratchet.core.http.HttpCall;
import dev.ratchet.core.http.OutboundHttp;
import java.util.Objects;

/**
 * Answers fetches from the network, under one policy.
 *
 * @param http the gate; not closed here
 * @param policy what the task may reach
 */
public record LiveFetches(OutboundHttp http, EgressPolicy policy) implements FetchHandler {
    public LiveFetches {
        Objects.requireNonNull(http, "http");
        Objects.requireNonNull(policy, "policy");
    }

    @Override
    public FetchReply fetch(int fetchId, HttpCall call, Cancellation cancellation) {
        return FetchReply.of(http.send(call, policy, cancellation));
    }
}

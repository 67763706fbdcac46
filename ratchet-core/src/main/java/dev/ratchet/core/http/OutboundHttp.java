package dev.ratchet.core.http;

import dev.ratchet.core.common.Cancellation;

/**
 * The one gate for HTTP that leaves: task fetches, webhooks, registry sources and token checks all pass here and meet
 * the same rules. Only {@code http} and {@code https}; every address is checked after resolution and pinned for its
 * connection; redirects are checked again. Thread-safe.
 */
public interface OutboundHttp extends AutoCloseable {
    /**
     * Sends and waits on the calling thread. Never throws for anything the network or the peer does.
     *
     * @param cancellation aborts the request, giving {@link HttpAnswer.Reason#ABORTED}
     */
    HttpAnswer send(HttpCall call, EgressPolicy policy, Cancellation cancellation);

    /** Closes idle connections; requests under way fail. */
    @Override
    void close();
}

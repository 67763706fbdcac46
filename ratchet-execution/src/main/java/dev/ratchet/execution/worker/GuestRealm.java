package dev.ratchet.execution.worker;

import org.graalvm.polyglot.Value;

/**
 * The prelude's side of one context, as the event loop sees it. Every method runs guest code, so all are for the
 * context's thread only, one at a time, and each may throw {@code PolyglotException} for what the task threw. When a
 * method returns, the promise jobs it caused have run.
 */
interface GuestRealm {

    /** Settles a fetch: resolves with a {@code Response} or rejects with a {@code TypeError}. Unknown ids are ignored. */
    void settleFetch(long id, FetchAnswer answer);

    /** Calls the function of a timer; an id that was cleared in the meantime is ignored. */
    void fireTimer(long id);

    /**
     * Creates {@code main}'s second argument: the given facts plus {@code signal}, {@code log} and {@code progress}.
     *
     * @return a guest object to pass to the task's function
     */
    Value taskContext(TaskFacts facts);

    /**
     * Fires {@code context.signal} with a {@code DOMException}; the second call changes nothing.
     *
     * @param name the exception's name, such as {@code TimeoutError} or {@code AbortError}
     * @param message why the execution has to end
     */
    void abort(String name, String message);
}

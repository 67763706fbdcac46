package dev.ratchet.core.http;

/**
 * What is known about the requests of one execution, written before it can be lost: the intent before an unsafe request
 * leaves, the answer before the task sees it. Retries, replay and idempotency stand on it. Thread-safe; a method that
 * returns has stored its entry as durably as the implementation promises, and one that throws stops the request.
 */
public interface FetchJournal {
    /** Keeps nothing. */
    FetchJournal NONE = new FetchJournal() {
        @Override
        public void intent(int fetchId, HttpCall call) {}

        @Override
        public void answered(int fetchId, HttpCall call, HttpAnswer answer) {}
    };

    /** A request is about to be handed to its {@link FetchHandler}; called for every request, safe or not. */
    void intent(int fetchId, HttpCall call);

    /** The request has its answer; called before the task can observe it. */
    void answered(int fetchId, HttpCall call, HttpAnswer answer);
}

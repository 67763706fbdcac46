package dev.ratchet.cli;

import dev.ratchet.core.http.FetchJournal;
import dev.ratchet.core.http.HttpAnswer;
import dev.ratchet.core.http.HttpAnswer.Reason;
import dev.ratchet.core.http.HttpCall;
import java.util.function.Consumer;

/**
 * Tells the operator of requests that a rule refused. The task gets the same text as an error, but may well swallow it,
 * and only the operator can grant a host.
 *
 * @param say takes a line for standard error
 */
record RefusalNotice(Consumer<String> say) implements FetchJournal {
    @Override
    public void intent(int fetchId, HttpCall call) {
        // Nothing to tell yet.
    }

    @Override
    public void answered(int fetchId, HttpCall call, HttpAnswer answer) {
        if (answer instanceof HttpAnswer.Failure failure
                && (failure.reason() == Reason.ADDRESS_REFUSED || failure.reason() == Reason.NOT_PERMITTED)) {
            say.accept("fetch " + fetchId + " refused: " + failure.message());
        }
    }
}

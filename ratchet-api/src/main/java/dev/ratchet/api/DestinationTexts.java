package dev.ratchet.api;

import dev.ratchet.core.common.JsonText;

/** Port to whoever understands output destinations. */
public interface DestinationTexts {
    /**
     * The form in which a job or schedule keeps destinations.
     *
     * @param source what to call them in problems
     * @param given an array as the contract describes it
     * @throws dev.ratchet.core.common.RatchetException VALIDATION_ERROR with every problem by its JSON pointer
     */
    JsonText stored(String source, JsonText given);

    /** What may be shown of them: the same array with every secret masked. */
    JsonText shown(JsonText stored);
}

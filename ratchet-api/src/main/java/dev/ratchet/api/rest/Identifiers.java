package dev.ratchet.api.rest;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Understands identifiers in addresses. What is none names nothing, so the answer is that there is no such thing. */
final class Identifiers {
    private static final int UUID_LENGTH = 36;

    private Identifiers() {}

    static JobId job(String text) {
        return new JobId(uuid("job", text));
    }

    static ExecutionId execution(String text) {
        return new ExecutionId(uuid("execution", text));
    }

    static UUID uuid(String kind, String text) {
        if (text.length() == UUID_LENGTH) {
            try {
                return UUID.fromString(text);
            } catch (IllegalArgumentException e) {
                throw unknown(kind, text, e);
            }
        }
        throw unknown(kind, text, null);
    }

    private static RatchetException unknown(String kind, String text, @Nullable Throwable cause) {
        String shown = text.length() > 100 ? text.substring(0, 100) + "…" : text;
        return new RatchetException(
                ErrorCode.NOT_FOUND, "there is no " + kind + " '" + shown + "'; an identifier is a UUID", cause);
    }
}

package dev.ratchet.core.delivery;

import dev.ratchet.core.common.JsonText;
import java.util.Objects;

/**
 * What is delivered.
 *
 * @param result how the job ended
 * @param variables what templates may name besides
 */
public record DeliveryPayload(Result result, DeliveryVariables variables) {
    /** How a job ended. */
    public sealed interface Result {
        /** The document that is delivered. */
        JsonText json();

        /** The task's output; templates know it as {@code output}. */
        record Output(JsonText json) implements Result {
            public Output {
                Objects.requireNonNull(json, "json");
            }
        }

        /** An object that describes the error; templates know it as {@code error}. */
        record Fault(JsonText json) implements Result {
            public Fault {
                Objects.requireNonNull(json, "json");
            }
        }
    }

    public DeliveryPayload {
        Objects.requireNonNull(result, "result");
        Objects.requireNonNull(variables, "variables");
    }
}

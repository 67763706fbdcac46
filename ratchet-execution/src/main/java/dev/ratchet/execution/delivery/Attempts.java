package dev.ratchet.execution.delivery;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.delivery.DeliveryAttempt;
import dev.ratchet.execution.recording.Json;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Ends of an attempt, with bounded words. */
final class Attempts {
    private static final int MAX_REASON = 1000;

    private Attempts() {}

    static DeliveryAttempt delivered(long bytes, ObjectNode info) {
        return new DeliveryAttempt.Delivered(bytes, text(info));
    }

    static DeliveryAttempt retry(String reason, ObjectNode info) {
        return retry(reason, null, info);
    }

    static DeliveryAttempt retry(String reason, @Nullable Duration after, ObjectNode info) {
        return new DeliveryAttempt.Retry(bounded(reason), after, text(info));
    }

    static DeliveryAttempt postponed(String reason, Duration wait, ObjectNode info) {
        return new DeliveryAttempt.Postponed(bounded(reason), wait, text(info));
    }

    static DeliveryAttempt failed(String reason, ObjectNode info) {
        return new DeliveryAttempt.Failed(bounded(reason), text(info));
    }

    private static String bounded(String reason) {
        return reason.length() > MAX_REASON ? reason.substring(0, MAX_REASON) + "…" : reason;
    }

    private static JsonText text(ObjectNode info) {
        return new JsonText(Json.write(info));
    }
}

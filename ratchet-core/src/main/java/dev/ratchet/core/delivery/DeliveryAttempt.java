package dev.ratchet.core.delivery;

import dev.ratchet.core.common.JsonText;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What became of an attempt to deliver. Reasons and infos hold no secrets and are at most a few kilobytes. */
public sealed interface DeliveryAttempt {
    /** An object about the attempt for whoever looks into it, such as the file written or the status received. */
    JsonText info();

    /**
     * It arrived.
     *
     * @param bytes size of what arrived
     */
    record Delivered(long bytes, JsonText info) implements DeliveryAttempt {
        public Delivered {
            Objects.requireNonNull(info, "info");
        }
    }

    /**
     * It did not arrive, or nobody knows; later it may.
     *
     * @param reason why, for people
     * @param retryAfter how long the other side asks to be left alone; null when it says nothing
     */
    record Retry(String reason, @Nullable Duration retryAfter, JsonText info) implements DeliveryAttempt {
        public Retry {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(info, "info");
        }
    }

    /**
     * It was not tried, since its receiver is left alone for now; so it does not count as an attempt.
     *
     * @param reason why, for people
     * @param pause how long to wait before it is tried
     */
    record Postponed(String reason, Duration pause, JsonText info) implements DeliveryAttempt {
        public Postponed {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(pause, "pause");
            Objects.requireNonNull(info, "info");
        }
    }

    /**
     * It did not arrive, and trying again would not change that.
     *
     * @param reason why, for people
     */
    record Failed(String reason, JsonText info) implements DeliveryAttempt {
        public Failed {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(info, "info");
        }
    }
}

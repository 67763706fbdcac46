package dev.ratchet.core.delivery;

import java.util.Objects;

/** How a webhook proves who sends it. Every text may be a template. */
public sealed interface WebhookAuthentication {
    /** {@code Authorization: Bearer <token>}. */
    record Bearer(SecretText token) implements WebhookAuthentication {
        public Bearer {
            Objects.requireNonNull(token, "token");
        }
    }

    /** {@code Authorization: Basic <credentials>} (RFC 7617, UTF-8). */
    record Basic(String username, SecretText password) implements WebhookAuthentication {
        public Basic {
            Objects.requireNonNull(username, "username");
            Objects.requireNonNull(password, "password");
        }
    }

    /** A header of its own that holds the key. */
    record ApiKey(SecretText key, String headerName) implements WebhookAuthentication {
        /** The header where none is named. */
        public static final String DEFAULT_HEADER = "X-API-Key";

        public ApiKey {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(headerName, "headerName");
        }
    }
}

package dev.ratchet.execution.delivery;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signatures of the Standard Webhooks specification, version 1: HMAC-SHA256 over id, time and body. */
final class WebhookSignature {
    static final String ID_HEADER = "webhook-id";
    static final String TIMESTAMP_HEADER = "webhook-timestamp";
    static final String SIGNATURE_HEADER = "webhook-signature";

    private static final String PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int MIN_KEY_BYTES = 24;
    private static final int MAX_KEY_BYTES = 64;

    private WebhookSignature() {}

    /** What is wrong with a secret, without quoting it; empty when nothing is. */
    static Optional<String> fault(String secret) {
        String accepted = "; accepted is whsec_ followed by the Base64 of " + MIN_KEY_BYTES + " to " + MAX_KEY_BYTES
                + " random bytes";
        if (!secret.startsWith(PREFIX)) {
            return Optional.of("does not begin with whsec_" + accepted);
        }
        try {
            int length = key(secret).length;
            return length < MIN_KEY_BYTES || length > MAX_KEY_BYTES
                    ? Optional.of("has a key of " + length + " bytes" + accepted)
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("is not Base64 after whsec_" + accepted);
        }
    }

    /** The value of the signature header. */
    static String sign(String secret, String id, Instant time, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key(secret), ALGORITHM));
            mac.update((id + "." + time.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }

    private static byte[] key(String secret) {
        return Base64.getDecoder().decode(secret.substring(PREFIX.length()));
    }
}

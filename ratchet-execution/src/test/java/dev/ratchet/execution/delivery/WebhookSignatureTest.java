package dev.ratchet.execution.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSignatureTest {
    /** The vector that the reference libraries of Standard Webhooks are tested with. */
    @Test
    void signWhenVectorOfTheSpecificationGivesItsSignature() {
        String signature = WebhookSignature.sign(
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                Instant.ofEpochSecond(1614265330),
                "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8));

        assertThat(signature).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_", "whsec_c2hvcnQ=", "whsec_!!!!"})
    void faultWhenSecretIsNoKeyIsSaidWithoutQuotingIt(String secret) {
        assertThat(WebhookSignature.fault(secret))
                .hasValueSatisfying(fault ->
                        assertThat(fault).contains("accepted is whsec_").doesNotContain("c2hvcnQ"));
    }

    @Test
    void faultWhenSecretIsKeyIsNone() {
        assertThat(WebhookSignature.fault("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
                .isEmpty();
    }
}

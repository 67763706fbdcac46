package dev.ratchet.execution.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.secret.Secrets;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SecretFormsTest {
    private static final String SECRET = "pä$$ wörd/+=";
    private static final SecretForms RECORDING = new SecretForms(new Secrets(Map.of("TOKEN", SECRET)));
    private static final SecretForms REPLAY = new SecretForms(Secrets.placeholders(Set.of("TOKEN")));

    static List<UnaryOperator<String>> usages() {
        return List.of(
                secret -> "Bearer " + secret,
                secret -> "https://x.example/?key=" + URLEncoder.encode(secret, StandardCharsets.UTF_8) + "&b=1",
                secret -> "https://x.example/?key="
                        + URLEncoder.encode(secret, StandardCharsets.UTF_8).replace("+", "%20"),
                secret -> "Basic " + base64("user:" + secret),
                secret -> "Basic " + base64("me:" + secret),
                secret -> "Basic " + base64("you1:" + secret + "!"),
                secret -> "{\"auth\":\"" + base64("x" + secret) + "\"}",
                secret -> HexFormat.of().formatHex(secret.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @MethodSource("usages")
    void normaliseWhenASecretIsEncodedGivesTheFormOfAReplay(UnaryOperator<String> usage) {
        String recorded = RECORDING.normalise(usage.apply(SECRET));

        assertThat(recorded).isEqualTo(REPLAY.normalise(usage.apply("[secret:TOKEN]")));
        assertThat(recorded).doesNotContain(SECRET);
    }

    @Test
    void normaliseWhenABodyIsBinaryMasksTheBytes() {
        byte[] body = concat(new byte[] {(byte) 0xFF, 0}, SECRET.getBytes(StandardCharsets.UTF_8));

        assertThat(RECORDING.normalise(body))
                .isEqualTo(concat(new byte[] {(byte) 0xFF, 0}, "[secret:TOKEN]".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void normaliseWhenNothingIsSecretChangesNothing() {
        byte[] body = "aGVsbG8gd29ybGQgYW5kIG1vcmU=".getBytes(StandardCharsets.UTF_8);

        assertThat(RECORDING.normalise(body)).isSameAs(body);
        assertThat(RECORDING.normalise("repos/with/a/path-like_name")).isEqualTo("repos/with/a/path-like_name");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] joined = java.util.Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }
}

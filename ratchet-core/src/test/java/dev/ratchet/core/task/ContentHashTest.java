package dev.ratchet.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ratchet.core.common.JsonText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ContentHashTest {
    private static TaskCode code(Map<String, String> files) {
        return new TaskCode(new TreeMap<>(files), "main.js", Compat.NONE);
    }

    private static String sha256(String text) throws NoSuchAlgorithmException {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void ofWhenComputedFollowsTheWrittenDefinition() throws NoSuchAlgorithmException {
        TaskCode code = code(Map.of("main.js", "é\r\n", "a/\"b\".js", ""));
        JsonText contract = new JsonText("{\"secrets\":[\"B\",\"A\"], \"limits\":{\"wallTime\":1e3}}");

        // The definition by hand, in canonical form: names sorted, no white space, numbers as ECMAScript writes them.
        String document = "{\"contract\":{\"limits\":{\"wallTime\":1000},\"secrets\":[\"B\",\"A\"]},"
                + "\"entry\":\"main.js\","
                + "\"files\":[[\"a/\\\"b\\\".js\",\"" + sha256("") + "\"],[\"main.js\",\"" + sha256("é\r\n") + "\"]],"
                + "\"format\":1}";
        assertThat(ContentHash.of(code, contract).hex()).isEqualTo(sha256(document));
    }

    @Test
    void ofWhenContractIsWrittenDifferentlyIsTheSame() {
        TaskCode code = code(Map.of("main.js", "1"));

        assertThat(ContentHash.of(code, new JsonText("{\"a\":1.0,\"b\":{\"d\":\"\\u00e9\",\"c\":10}}")))
                .isEqualTo(ContentHash.of(code, new JsonText(" { \"b\" : {\"c\":1e1,\"d\":\"é\"},\n\"a\":1 }")));
    }

    @Test
    void ofWhenLineEndsDifferDiffers() {
        assertThat(ContentHash.of(code(Map.of("main.js", "a\n")), JsonText.EMPTY_OBJECT))
                .isNotEqualTo(ContentHash.of(code(Map.of("main.js", "a\r\n")), JsonText.EMPTY_OBJECT));
    }

    @Test
    void ofWhenNumberHasNoCanonicalFormIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ContentHash.of(code(Map.of("main.js", "")), new JsonText("{\"a\":1e999}")));
    }

    @Test
    void newWhenTextIsNoHashIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ContentHash("abc"));
        assertThatIllegalArgumentException().isThrownBy(() -> new ContentHash("A".repeat(64)));
        assertThat(new ContentHash("a".repeat(64))).hasToString("a".repeat(64));
    }

    @Test
    void newWhenEntryIsNotAmongTheFilesIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> code(Map.of("other.js", "")));
    }
}

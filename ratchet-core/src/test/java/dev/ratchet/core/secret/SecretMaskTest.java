package dev.ratchet.core.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretMaskTest {
    private static final String VALUE = "pä\"ss w/ord+1";

    private final SecretMask mask = new Secrets(Map.of("KEY", VALUE)).mask();

    @Test
    void maskWhenValueIsInPlainTextReplacesEveryOccurrence() {
        assertThat(mask.mask("a " + VALUE + " b " + VALUE)).isEqualTo("a [secret:KEY] b [secret:KEY]");
        assertThat(mask.mask("nothing here")).isEqualTo("nothing here");
    }

    @Test
    void maskWhenValueIsEncodedReplacesItToo() {
        byte[] bytes = VALUE.getBytes(StandardCharsets.UTF_8);
        String form = URLEncoder.encode(VALUE, StandardCharsets.UTF_8);

        assertThat(mask.mask("?k=" + form)).isEqualTo("?k=[secret:KEY]");
        assertThat(mask.mask("?k=" + form.replace("+", "%20"))).isEqualTo("?k=[secret:KEY]");
        assertThat(mask.mask("{\"k\":\"" + VALUE.replace("\"", "\\\"") + "\"}")).isEqualTo("{\"k\":\"[secret:KEY]\"}");
        assertThat(mask.mask(HexFormat.of().formatHex(bytes))).isEqualTo("[secret:KEY]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // As encodeURIComponent, encodeURI, URL.search, URL.pathname and URL.password write the value.
                "p%40ss!w'o(r)d~%3A%2F%3F%23%3D",
                "p@ss!w'o(r)d~:/?#=",
                "p@ss!w%27o(r)d~:/?%23=",
                "p@ss!w'o(r)d~:/%3F%23=",
                "p%40ss!w'o(r)d~%3A%2F%3F%23%3D",
                // One encoding of another's result, and one byte by byte.
                "p%40ss!w%27o(r)d~%3a%2F%3F%23%3D",
                "%70%40%73%73%21%77%27%6F%28%72%29%64%7E%3A%2F%3F%23%3D",
                "70407373217727 6f28722964 7e3a2f3f233d",
                "70407373217727 6F28722964 7E3A2F3F233D",
                "p@ss!w\\'o(r)d~:/?#=",
            })
    void maskWhenValueIsAsJavaScriptEncodesItReplacesIt(String encoded) {
        SecretMask punctuated = new Secrets(Map.of("KEY", "p@ss!w'o(r)d~:/?#=")).mask();

        assertThat(punctuated.mask("<" + encoded.replace(" ", "") + ">")).isEqualTo("<[secret:KEY]>");
    }

    @Test
    void maskWhenPercentEncodedTextHasNeighboursKeepsThem() {
        SecretMask umlaut = new Secrets(Map.of("KEY", "gr\u00fc\u00df 1\ud83d\ude00")).mask();

        assertThat(umlaut.mask(
                        "https://a/%C3%BC?k=gr%c3%BC%C3%9F+1%F0%9F%98%80&%zz=%\n<%41 gr%C3%BC%C3%9F%201%F0%9F%98%80%"))
                .isEqualTo("https://a/%C3%BC?k=[secret:KEY]&%zz=%\n<%41 [secret:KEY]%");
    }

    @Test
    void maskWhenValueHasSeveralLinesReplacesItInStringLiterals() {
        SecretMask lines = new Secrets(Map.of("PEM", "-----BEGIN\nabc\t\u0001\r\n-----END")).mask();

        assertThat(lines.mask("-----BEGIN\\\\nabc\\\\t\\\\u0001\\\\r\\\\n-----END"))
                .isEqualTo("[secret:PEM]");
        assertThat(lines.mask("{\"k\":\"-----BEGIN\\nabc\\t\\u0001\\r\\n-----END\"}"))
                .isEqualTo("{\"k\":\"[secret:PEM]\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "u", "us", "user:", "longer:"})
    void maskWhenValueIsInBase64LeavesNothingOfIt(String before) {
        String whole = Base64.getEncoder().encodeToString((before + VALUE + "tail").getBytes(StandardCharsets.UTF_8));

        String masked = mask.mask("Basic " + whole);

        assertThat(masked).contains("[secret:KEY]");
        // What is left decodes to the neighbours and at most the bits they share with the value's ends.
        String middle = Base64.getEncoder()
                .encodeToString(VALUE.substring(2, VALUE.length() - 2).getBytes(StandardCharsets.UTF_8));
        assertThat(masked).doesNotContain(middle.substring(4, 10));
    }

    @Test
    void maskWhenOneSecretContainsAnotherReplacesTheLongerFirst() {
        SecretMask both = new Secrets(Map.of("SHORT", "abcd", "LONG", "abcdefgh")).mask();

        assertThat(both.mask("abcdefgh abcd")).isEqualTo("[secret:LONG] [secret:SHORT]");
    }

    @Test
    void maskWhenSecretsArePlaceholdersChangesNothing() {
        Secrets placeholders = Secrets.placeholders(Set.of("KEY"));

        assertThat(placeholders.reveal()).containsExactly(Map.entry("KEY", "[secret:KEY]"));
        assertThat(placeholders.mask().mask("a [secret:KEY]")).isEqualTo("a [secret:KEY]");
        assertThat(placeholders.mask().isEmpty()).isTrue();
        assertThat(SecretMask.NONE.mask("x")).isEqualTo("x");
    }

    @Test
    void secretsWhenPrintedShowNamesOnly() {
        assertThat(new Secrets(Map.of("KEY", VALUE)).toString()).contains("KEY").doesNotContain(VALUE);
    }

    @Test
    void secretsWhenNameOrValueIsRefusedNameTheSecretAndNotItsValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Secrets(Map.of("1KEY", "value")))
                .withMessageContaining("1KEY");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Secrets(Map.of("KEY", "xyz")))
                .withMessageContaining("KEY")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("xyz"));
    }
}

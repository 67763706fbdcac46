package dev.ratchet.api.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.RatchetException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReadingTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-0.10e+5",
                "123456789012345678901234567890",
                "\"a\\u0041\\\"\\n \u00e4 \ud83d\ude00\"",
                "{ \"b\" : [1 , 2.00] , \"a\":{} }",
                "[[[]],{\"x\":null}]",
                "true",
                "false",
                "null"
            })
    void valueWhenTakenApartKeepsItsText(String text) {
        JsonValue object = JsonReading.document("body", " {\"first\" : " + text + " , \"second\":\t" + text + "\n} ");

        assertThat(JsonReading.members(object).values())
                .extracting(JsonValue::raw)
                .containsExactly(text, text);
        JsonValue array = JsonReading.document("body", "[" + text + "," + text + " ]");
        assertThat(JsonReading.elements(array)).extracting(JsonValue::raw).containsExactly(text, text);
        assertThat(JsonReading.document("body", text).raw()).isEqualTo(text);
    }

    @Test
    void memberWhenItsNameHasSlashesIsPointedAt() {
        JsonValue object = JsonReading.document("body", "{\"a/b~c\":{\"d\":[7]}}");

        JsonValue inner = JsonReading.members(object).get("a/b~c");
        assertThat(inner).isNotNull().extracting(JsonValue::pointer).isEqualTo("/a~1b~0c");
    }

    @Test
    void documentWhenLargeKeepsItsText() {
        String large = "\"" + "x\\u00e4".repeat(200_000) + "\"";

        JsonValue object = JsonReading.document("body", "{\"a\":" + large + ",\"b\":[" + large + "]}");

        assertThat(JsonReading.members(object).get("a"))
                .extracting(JsonValue::raw)
                .isEqualTo(large);
        assertThat(JsonReading.members(object).get("b"))
                .extracting(JsonValue::raw)
                .isEqualTo("[" + large + "]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "{", "[1,]", "{\"a\":01}", "'a'", "{\"a\":1,\"a\":2}", "1 2", "NaN", "{\"a\":\"\t\"}"})
    void documentWhenBrokenIsRefused(String text) {
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> JsonReading.document("body", text))
                .satisfies(refusal -> {
                    assertThat(refusal.code()).isEqualTo(ErrorCode.BAD_REQUEST);
                    assertThat(refusal.problems().getFirst().position()).matches("\\d+:\\d+");
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":              | ends before the document is complete
            [1}                | Unexpected close marker '}': expected ']';
            [NaN]              | Non-standard token 'NaN';
            /* */1             | Unexpected character ('/' (code 47));
            +1                 | Unexpected character ('+' (code 43)) in numeric value;
            {"Source":1,"Source":2} | Duplicate Object property "Source";
            """)
    void documentWhenBrokenIsRefusedInWordsOfItsWriter(String text, String said) {
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> JsonReading.document("body", text))
                .satisfies(refusal -> assertThat(refusal.problems().getFirst().message())
                        .startsWith(said)
                        .endsWith("; accepted: JSON as RFC 8259 has it")
                        .doesNotContain("Feature", "Stream", "REDACTED", "[Source"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":["x\\ud83d\\ude00",{"b/c":"\\ud800"}]} | /a/1/b~1c | a string holds half of a surrogate pair
            "\\uDC00\\uD800"                             | ``        | a string holds half of a surrogate pair
            {"a":{"\\udfff":1}}                           | /a        | the name of a member holds half
            """)
    void documentWhenAStringIsNoTextIsRefusedWithItsPlace(String text, String pointer, String said) {
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> JsonReading.document("body", text))
                .satisfies(refusal -> {
                    assertThat(refusal.code()).isEqualTo(ErrorCode.VALIDATION_ERROR);
                    assertThat(refusal).hasMessageContaining(said);
                    assertThat(refusal.problems().getFirst().position()).isEqualTo(pointer);
                });
    }

    @Test
    void documentWhenPairsAreEscapedIsKept() {
        String text = "[\"\\uD83D\\uDE00\",\"\\\\ud800\",\"\\u0000\"]";

        assertThat(JsonReading.document("body", text).raw()).isEqualTo(text);
    }

    @Test
    void documentWhenDeepOrWithAHugeNumberIsRefused() {
        int most = JsonReading.MAX_DEPTH;

        JsonReading.document("body", "[".repeat(most) + "]".repeat(most));
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> JsonReading.document("body", "[".repeat(most + 1) + "]".repeat(most + 1)))
                .withMessageContaining("accepted: at most 100 levels, 1000 characters of a number")
                .withMessageNotContaining("Stream");
        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> JsonReading.document("body", "[" + "9".repeat(1_001) + "]"));
    }

    /** Examples of RFC 7396, appendix A. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"a":"b"}           | {"a":"c"}             | {"a":"c"}
            {"a":"b"}           | {"b":"c"}             | {"a":"b","b":"c"}
            {"a":"b"}           | {"a":null}            | {}
            {"a":"b","b":"c"}   | {"a":null}            | {"b":"c"}
            {"a":["b"]}         | {"a":"c"}             | {"a":"c"}
            {"a":{"b":"c"}}     | {"a":{"b":"d","c":null}} | {"a":{"b":"d"}}
            {"a":[{"b":"c"}]}   | {"a":[1]}             | {"a":[1]}
            ["a","b"]           | ["c","d"]             | ["c","d"]
            {"e":null}          | {"a":1}               | {"e":null,"a":1}
            [1,2]               | {"a":"b","c":null}    | {"a":"b"}
            {}                  | {"a":{"bb":{"ccc":null}}} | {"a":{"bb":{}}}
            """)
    void patchWhenMergedGivesWhatTheStandardSays(String target, String patch, String result) {
        assertThat(JsonObject.merged(Optional.of(new JsonText(target)), new JsonText(patch))
                        .value())
                .isEqualTo(result);
    }
}

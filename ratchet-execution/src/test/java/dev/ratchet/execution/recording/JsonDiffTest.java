package dev.ratchet.execution.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.execution.recording.JsonDiff.Mode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonDiffTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | 1.0",
                "100 | 1e2",
                "0 | -0",
                "9007199254740993 | 9007199254740992",
                "0.1 | 0.1000000000000000055511151231257827",
                "{\"a\":1,\"b\":[true,null]} | {\"b\":[true,null],\"a\":1}",
                "\"\\u00e9\" | \"é\"",
            })
    void betweenWhenATaskSeesNoDifferenceIsEmpty(String expected, String actual) {
        assertThat(lines(expected, actual, Mode.EXACT)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | \"1\" | the whole value: expected 1, is \"1\"",
                "{\"a\":{\"b/c\":1}} | {\"a\":{\"b/c\":2}} | /a/b~1c: expected 1, is 2",
                "{\"~\":1} | {} | /~0: expected 1, is missing",
                "{} | {\"x\":[1]} | /x: not expected, is [1]",
                "[1,2] | [1] | /1: expected 2, is missing",
                "[1] | [1,null] | /1: not expected, is null",
                "{\"a\":[]} | {\"a\":{}} | /a: expected [], is {}",
                "false | null | the whole value: expected false, is null",
            })
    void betweenWhenDifferentSaysWhereAndHow(String expected, String actual, String line) {
        assertThat(lines(expected, actual, Mode.EXACT)).containsExactly(line);
    }

    @Test
    void betweenWhenSubsetAllowsFurtherKeysAtAnyDepthButNoFurtherElements() {
        assertThat(lines("{\"a\":[{\"b\":1}]}", "{\"a\":[{\"b\":1,\"c\":2}],\"d\":3}", Mode.SUBSET))
                .isEmpty();
        assertThat(lines("{\"a\":[1]}", "{\"a\":[1,2]}", Mode.SUBSET)).containsExactly("/a/1: not expected, is 2");
        assertThat(lines("{\"a\":1}", "{\"b\":1}", Mode.SUBSET)).containsExactly("/a: expected 1, is missing");
    }

    @Test
    void linesWhenStringsAreLongShowTheSurroundingsOfTheFirstDifference() {
        String start = "x".repeat(500);

        List<String> lines = lines("\"" + start + "A tail\"", "\"" + start + "B tail\"", Mode.EXACT);

        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst())
                .contains("differ from character 501")
                .contains("xA tail")
                .contains("xB tail")
                .hasSizeLessThan(400);
    }

    @Test
    void betweenWhenThereAreTooManyDifferencesStopsAndSaysSo() {
        String expected = "[" + "1,".repeat(500) + "1]";
        String actual = "[" + "2,".repeat(500) + "2]";

        JsonDiff diff = JsonDiff.between(new JsonText(expected), new JsonText(actual), Mode.EXACT);

        assertThat(diff.differences()).hasSize(JsonDiff.MAX_DIFFERENCES);
        assertThat(diff.lines()).last().isEqualTo("… and more differences");
    }

    @Test
    void betweenWhenNestedTooDeepRefuses() {
        JsonText deep = new JsonText("[".repeat(2_000) + "]".repeat(2_000));

        assertThatThrownBy(() -> JsonDiff.between(deep, deep, Mode.EXACT))
                .isInstanceOf(RatchetException.class)
                .hasMessageContaining("the expected value");
    }

    @Test
    void betweenWhenNestedAsDeepAsAllowedCompares() {
        JsonText deep = new JsonText("[".repeat(Json.MAX_DEPTH) + "]".repeat(Json.MAX_DEPTH));

        assertThat(JsonDiff.between(deep, deep, Mode.EXACT).isEmpty()).isTrue();
    }

    @Test
    void writeWhenAStringHoldsHalfASurrogatePairEscapesIt() {
        String json = "[\"\\ud83d\",\"\\ud83d\\ude00\"]";

        assertThat(Json.write(Json.parse("x", json))).isEqualTo("[\"\\ud83d\",\"\uD83D\uDE00\"]");
    }

    private static List<String> lines(String expected, String actual, Mode mode) {
        return JsonDiff.between(new JsonText(expected), new JsonText(actual), mode)
                .lines();
    }
}

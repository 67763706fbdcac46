package dev.ratchet.core.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemTest {
    @Test
    void toStringWhenShownOnTerminalNamesThePlace() {
        assertThat(new Problem("a.json", "/x/0", "is wrong")).hasToString("a.json#/x/0: is wrong");
        assertThat(new Problem("a.js", "3:7", "is wrong")).hasToString("a.js:3:7: is wrong");
        assertThat(Problem.of("a.json", "is wrong")).hasToString("a.json: is wrong");
    }

    @Test
    void compareToWhenSortedGoesBySourcePositionMessage() {
        Problem a = new Problem("a", "/2", "x");
        Problem b = new Problem("a", "/2", "y");
        Problem c = new Problem("a", "/3", "a");
        Problem d = new Problem("b", "", "a");

        assertThat(List.of(d, c, b, a).stream().sorted()).containsExactly(a, b, c, d);
    }

    @Test
    void jsonTextWhenBlankIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new JsonText(" \n"));
        assertThat(new JsonText("\"é\"").sizeInBytes()).isEqualTo(4);
    }

    @Test
    void exceptionWhenItHasProblemsKeepsThem() {
        RatchetException e =
                new RatchetException(ErrorCode.INVALID_PACKAGE, "2 problems", List.of(Problem.of("a", "b")));

        assertThat(e.code()).isEqualTo(ErrorCode.INVALID_PACKAGE);
        assertThat(e.code().category()).isEqualTo(ErrorCode.Category.INVALID);
        assertThat(e.problems()).containsExactly(Problem.of("a", "b"));
        assertThat(new RatchetException(ErrorCode.NOT_FOUND, "x").problems()).isEmpty();
    }
}

package dev.ratchet.execution.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineDiffTest {
    @Test
    void betweenWhenEqualIsEmpty() {
        assertThat(LineDiff.between(List.of("a", "b"), List.of("a", "b"))).isEmpty();
        assertThat(LineDiff.between(List.of(), List.of())).isEmpty();
    }

    @Test
    void betweenWhenDifferentKeepsWhatIsCommon() {
        assertThat(LineDiff.between(List.of("a", "b", "c", "d"), List.of("x", "b", "d", "e")))
                .containsExactly("- a", "+ x", "- c", "+ e");
        assertThat(LineDiff.between(List.of("a"), List.of())).containsExactly("- a");
    }

    @Test
    void betweenWhenRepeatedLinesAreAddedFindsThemOnce() {
        assertThat(LineDiff.between(List.of("a", "a"), List.of("a", "a", "a"))).containsExactly("+ a");
    }

    @Test
    void betweenWhenTooLongForComparingShowsAllAsReplaced() {
        List<String> before = Collections.nCopies(3_000, "a");
        List<String> after = Collections.nCopies(3_000, "b");

        assertThat(LineDiff.between(before, after)).hasSize(6_000);
    }
}

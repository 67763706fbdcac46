package dev.ratchet.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UnifiedDiffTest {
    @Test
    void ofWhenALineChangesShowsThreeLinesAround() {
        String from = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";

        assertThat(UnifiedDiff.of("main.js", from, from.replace("5", "five"))).isEqualTo("""
                        --- a/main.js
                        +++ b/main.js
                        @@ -2,7 +2,7 @@
                         2
                         3
                         4
                        -5
                        +five
                         6
                         7
                         8
                        """);
    }

    @Test
    void ofWhenEqualIsEmpty() {
        assertThat(UnifiedDiff.of("a", "x\n", "x\n")).isEmpty();
        assertThat(UnifiedDiff.of("a", "", "")).isEmpty();
    }

    @Test
    void ofWhenOneIsEmptyNamesTheLineBefore() {
        assertThat(UnifiedDiff.of("a", "", "x\ny\n")).endsWith("@@ -0,0 +1,2 @@\n+x\n+y\n");
        assertThat(UnifiedDiff.of("a", "x\n", "")).endsWith("@@ -1 +0,0 @@\n-x\n");
    }

    @Test
    void ofWhenTheLastLineHasNoEndSaysSo() {
        assertThat(UnifiedDiff.of("a", "x", "x\n")).endsWith("@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+x\n");
    }

    @Test
    void ofWhenChangesAreFarApartHasAHunkForEach() {
        String from = lines(100);
        String to = from.replace("line 10\n", "ten\n").replace("line 80\n", "");

        String diff = UnifiedDiff.of("a", from, to);

        assertThat(diff.lines().filter(line -> line.startsWith("@@")))
                .containsExactly("@@ -7,7 +7,7 @@", "@@ -77,7 +77,6 @@");
    }

    @Test
    void ofAppliedToTheFirstTextGivesTheSecond() {
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            String from = randomText(random);
            String to = randomText(random);

            assertThat(applied(from, UnifiedDiff.of("a", from, to))).isEqualTo(to);
        }
    }

    @Test
    void ofWhenEverythingDiffersReplacesEverything() {
        String from = lines(3_000);
        String to = lines(3_000).replace("line", "other");

        assertThat(applied(from, UnifiedDiff.of("a", from, to))).isEqualTo(to);
    }

    private static String lines(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
    }

    private static String randomText(Random random) {
        int count = random.nextInt(30);
        return IntStream.range(0, count)
                .mapToObj(i -> Integer.toString(random.nextInt(5)))
                .collect(Collectors.joining("\n"));
    }

    /** What {@code patch} would do, for texts whose lines do not begin with a backslash. */
    private static String applied(String from, String diff) {
        List<String> source = from.isEmpty() ? List.of() : List.of(from.split("(?<=\n)"));
        StringBuilder result = new StringBuilder();
        int next = 0;
        List<String> patch = new ArrayList<>(diff.lines().toList());
        for (int i = 2; i < patch.size(); i++) {
            String line = patch.get(i);
            boolean open = i + 1 < patch.size() && patch.get(i + 1).startsWith("\\");
            String text = line.isEmpty() ? "" : line.substring(1) + (open ? "" : "\n");
            switch (line.charAt(0)) {
                case '@' -> {
                    String range = line.substring(4, line.indexOf(" +"));
                    int comma = range.indexOf(',');
                    int start = Integer.parseInt(comma < 0 ? range : range.substring(0, comma));
                    int before = range.endsWith(",0") ? start : start - 1;
                    while (next < before) {
                        result.append(source.get(next++));
                    }
                }
                case ' ' -> {
                    assertThat(source.get(next++)).isEqualTo(text);
                    result.append(text);
                }
                case '-' -> assertThat(source.get(next++)).isEqualTo(text);
                case '+' -> result.append(text);
                default -> assertThat(line).startsWith("\\");
            }
        }
        while (next < source.size()) {
            result.append(source.get(next++));
        }
        return result.toString();
    }
}

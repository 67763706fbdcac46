package dev.ratchet.execution.recording;

import java.util.ArrayList;
import java.util.List;

/** What to remove from one list of lines and add to it to get another, by longest common subsequence. */
final class LineDiff {
    /** Beyond this many comparisons the differing middle is shown as replaced; the result is right, if longer. */
    private static final long MAX_CELLS = 4_000_000;

    private LineDiff() {}

    /** Lines starting with {@code - } or {@code + }; empty when the lists are equal. */
    static List<String> between(List<String> before, List<String> after) {
        int start = 0;
        while (start < Math.min(before.size(), after.size())
                && before.get(start).equals(after.get(start))) {
            start++;
        }
        int endBefore = before.size();
        int endAfter = after.size();
        while (endBefore > start
                && endAfter > start
                && before.get(endBefore - 1).equals(after.get(endAfter - 1))) {
            endBefore--;
            endAfter--;
        }
        return middle(before.subList(start, endBefore), after.subList(start, endAfter));
    }

    private static List<String> middle(List<String> before, List<String> after) {
        List<String> lines = new ArrayList<>();
        int i = 0;
        int j = 0;
        if ((long) before.size() * after.size() <= MAX_CELLS) {
            int[][] common = commonLengths(before, after);
            while (i < before.size() && j < after.size()) {
                if (before.get(i).equals(after.get(j))) {
                    i++;
                    j++;
                } else if (common[i + 1][j] >= common[i][j + 1]) {
                    lines.add("- " + before.get(i++));
                } else {
                    lines.add("+ " + after.get(j++));
                }
            }
        }
        before.subList(i, before.size()).forEach(line -> lines.add("- " + line));
        after.subList(j, after.size()).forEach(line -> lines.add("+ " + line));
        return List.copyOf(lines);
    }

    private static int[][] commonLengths(List<String> before, List<String> after) {
        int[][] common = new int[before.size() + 1][after.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = after.size() - 1; j >= 0; j--) {
                common[i][j] = before.get(i).equals(after.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }
}

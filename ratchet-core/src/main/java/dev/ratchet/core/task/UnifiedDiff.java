package dev.ratchet.core.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The shortest difference of two texts by lines (E. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986, the
 * greedy form), written in the unified format of GNU diff.
 */
final class UnifiedDiff {
    private static final int CONTEXT = 3;
    /** Texts further apart than so many lines are shown as replaced, since the search takes the square of it. */
    private static final int MAX_EDITS = 1_000;

    private static final String NO_NEWLINE = "\\ No newline at end of file\n";

    private UnifiedDiff() {}

    /** What happens to one line. */
    private enum Kind {
        KEEP(' '),
        REMOVE('-'),
        ADD('+');

        private final char sign;

        Kind(char sign) {
            this.sign = sign;
        }
    }

    /** A line of the difference, with how many lines of either text come before it. */
    private record Step(Kind kind, String line, int before, int after) {}

    /**
     * The difference.
     *
     * @param path the name both texts have
     * @return empty when the texts are equal
     */
    static String of(String path, String from, String to) {
        List<Step> steps = steps(lines(from), lines(to));
        StringBuilder text = new StringBuilder();
        int next = 0;
        while (true) {
            int first = indexOfChange(steps, next);
            if (first < 0) {
                return text.toString();
            }
            if (text.isEmpty()) {
                text.append("--- a/")
                        .append(path)
                        .append("\n+++ b/")
                        .append(path)
                        .append('\n');
            }
            int end = endOfHunk(steps, first);
            appendHunk(text, steps.subList(Math.max(next, first - CONTEXT), Math.min(steps.size(), end + CONTEXT)));
            next = end;
        }
    }

    private static int indexOfChange(List<Step> steps, int from) {
        for (int i = from; i < steps.size(); i++) {
            if (steps.get(i).kind() != Kind.KEEP) {
                return i;
            }
        }
        return -1;
    }

    /** Changes with no more than the context of both between them share a hunk. */
    private static int endOfHunk(List<Step> steps, int first) {
        int end = first;
        for (int i = first; i < steps.size() && i - end <= 2 * CONTEXT; i++) {
            if (steps.get(i).kind() != Kind.KEEP) {
                end = i + 1;
            }
        }
        return end;
    }

    private static void appendHunk(StringBuilder text, List<Step> hunk) {
        int removed = 0;
        int added = 0;
        for (Step step : hunk) {
            removed += step.kind() == Kind.ADD ? 0 : 1;
            added += step.kind() == Kind.REMOVE ? 0 : 1;
        }
        Step first = hunk.getFirst();
        text.append("@@ -").append(range(first.before(), removed));
        text.append(" +").append(range(first.after(), added)).append(" @@\n");
        for (Step step : hunk) {
            text.append(step.kind().sign).append(step.line());
            if (!step.line().endsWith("\n")) {
                text.append('\n').append(NO_NEWLINE);
            }
        }
    }

    /** Lines are counted from one, and an empty range is named by the line before it. */
    private static String range(int linesBefore, int count) {
        int start = count == 0 ? linesBefore : linesBefore + 1;
        return count == 1 ? Integer.toString(start) : start + "," + count;
    }

    /** Lines with their ends, so that a missing last one is a difference. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = text.indexOf('\n', start);
            int next = end < 0 ? text.length() : end + 1;
            lines.add(text.substring(start, next));
            start = next;
        }
        return lines;
    }

    private static List<Step> steps(List<String> from, List<String> to) {
        int start = 0;
        int fromEnd = from.size();
        int toEnd = to.size();
        while (start < fromEnd && start < toEnd && from.get(start).equals(to.get(start))) {
            start++;
        }
        while (fromEnd > start && toEnd > start && from.get(fromEnd - 1).equals(to.get(toEnd - 1))) {
            fromEnd--;
            toEnd--;
        }
        List<Kind> kinds = new ArrayList<>(Collections.nCopies(start, Kind.KEEP));
        kinds.addAll(edits(from.subList(start, fromEnd), to.subList(start, toEnd)));
        kinds.addAll(Collections.nCopies(from.size() - fromEnd, Kind.KEEP));
        List<Step> steps = new ArrayList<>(kinds.size());
        int before = 0;
        int after = 0;
        for (Kind kind : kinds) {
            steps.add(new Step(kind, kind == Kind.ADD ? to.get(after) : from.get(before), before, after));
            before += kind == Kind.ADD ? 0 : 1;
            after += kind == Kind.REMOVE ? 0 : 1;
        }
        return steps;
    }

    private static List<Kind> edits(List<String> from, List<String> to) {
        int most = Math.min(from.size() + to.size(), MAX_EDITS);
        // reached[most + k]: the furthest line of 'from' on diagonal k; one array of each round is kept to walk back.
        int[] reached = new int[2 * most + 2];
        List<int[]> rounds = new ArrayList<>();
        for (int d = 0; d <= most; d++) {
            rounds.add(Arrays.copyOfRange(reached, most - d, most + d + 2));
            for (int k = -d; k <= d; k += 2) {
                boolean down = k == -d || (k != d && reached[most + k - 1] < reached[most + k + 1]);
                int x = down ? reached[most + k + 1] : reached[most + k - 1] + 1;
                int y = x - k;
                while (x < from.size() && y < to.size() && from.get(x).equals(to.get(y))) {
                    x++;
                    y++;
                }
                reached[most + k] = x;
                if (x >= from.size() && y >= to.size()) {
                    return walkBack(rounds, from.size(), to.size());
                }
            }
        }
        List<Kind> replaced = new ArrayList<>(Collections.nCopies(from.size(), Kind.REMOVE));
        replaced.addAll(Collections.nCopies(to.size(), Kind.ADD));
        return replaced;
    }

    private static List<Kind> walkBack(List<int[]> rounds, int fromSize, int toSize) {
        List<Kind> backwards = new ArrayList<>();
        int x = fromSize;
        int y = toSize;
        for (int d = rounds.size() - 1; d > 0; d--) {
            int[] before = rounds.get(d);
            int k = x - y;
            boolean down = k == -d || (k != d && before[d + k - 1] < before[d + k + 1]);
            int previousK = down ? k + 1 : k - 1;
            int previousX = before[d + previousK];
            int previousY = previousX - previousK;
            while (x > previousX && y > previousY) {
                backwards.add(Kind.KEEP);
                x--;
                y--;
            }
            backwards.add(down ? Kind.ADD : Kind.REMOVE);
            x = previousX;
            y = previousY;
        }
        backwards.addAll(Collections.nCopies(x, Kind.KEEP));
        return backwards.reversed();
    }
}

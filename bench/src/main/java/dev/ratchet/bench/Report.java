package dev.ratchet.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Prints a line per figure as it comes in, and counts at the end. */
final class Report {
    private final PrintStream out;
    private final List<String> missed = new ArrayList<>();
    private int passed;
    private int unmeasured;

    Report(PrintStream out) {
        this.out = out;
        print("LINE", "TARGET", "FIGURE", "RESULT", "");
    }

    /** A figure that is to be at most {@code target}. */
    void atMost(String name, double target, double figure, String unit, String note) {
        judge(name, "<= " + number(target) + " " + unit, number(figure) + " " + unit, figure <= target, note);
    }

    /** A figure that is to be at least {@code target}. */
    void atLeast(String name, double target, double figure, String unit, String note) {
        judge(name, ">= " + number(target) + " " + unit, number(figure) + " " + unit, figure >= target, note);
    }

    /** A figure without a target. */
    void inform(String name, double figure, String unit, String note) {
        print(name, "-", number(figure) + " " + unit, "-", note);
    }

    /** What the lines that follow are about. */
    void heading(String text) {
        out.println();
        out.println(text);
    }

    /** A line that could not be measured here. */
    void unmeasured(String name, double target, String unit, String why) {
        unmeasured++;
        print(name, "<= " + number(target) + " " + unit, why, "-", "");
    }

    /** The last line. */
    void summary() {
        out.println();
        out.println(passed + " PASS, " + missed.size() + " MISS, " + unmeasured + " not measured"
                + (missed.isEmpty() ? "" : "; missed: " + String.join(", ", missed)));
    }

    private void judge(String name, String target, String figure, boolean reached, String note) {
        if (reached) {
            passed++;
        } else {
            missed.add(name);
        }
        print(name, target, figure, reached ? "PASS" : "MISS", note);
    }

    private void print(String name, String target, String figure, String result, String note) {
        out.println(String.format(Locale.ROOT, "%-56s %-14s %-14s %-6s %s", name, target, figure, result, note)
                .stripTrailing());
        out.flush();
    }

    static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }
}

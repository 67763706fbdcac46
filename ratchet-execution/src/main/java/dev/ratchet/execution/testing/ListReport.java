package dev.ratchet.execution.testing;

import dev.ratchet.execution.testing.TestResult.Status;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** A test report for people. */
final class ListReport {
    private static final int MAX_CONSOLE_LINES = 50;

    private ListReport() {}

    static String render(TestReport report, boolean colour) {
        StringBuilder text = new StringBuilder();
        String file = "";
        for (TestResult result : report.results()) {
            if (!result.file().equals(file)) {
                file = result.file();
                text.append(clean(file)).append('\n');
            }
            append(text, result, colour);
        }
        if (report.results().isEmpty()) {
            text.append(report.filteredOut() == 0 ? "no tests\n" : "no test matches the filter\n");
        }
        text.append('\n')
                .append(paint(summary(report), report.allPassed() ? "32" : "31", colour))
                .append('\n');
        return text.toString();
    }

    private static void append(StringBuilder text, TestResult result, boolean colour) {
        String mark =
                switch (result.status()) {
                    case PASSED -> paint("✓", "32", colour);
                    case FAILED -> paint("✗", "31", colour);
                    case ERROR -> paint("!", "33", colour);
                };
        text.append("  ")
                .append(mark)
                .append(' ')
                .append(clean(result.name()))
                .append(paint(" (" + result.duration().toMillis() + " ms)", "2", colour))
                .append('\n');
        result.failure().forEach(reason -> reason.lines()
                .forEach(line -> text.append("      ").append(clean(line)).append('\n')));
        List<String> console = result.console().stream()
                .flatMap(line -> (line.level().name().toLowerCase(Locale.ROOT) + ": " + line.message()).lines())
                .toList();
        if (result.status() != Status.PASSED && !console.isEmpty()) {
            text.append("      console:\n");
            int skipped = Math.max(0, console.size() - MAX_CONSOLE_LINES);
            if (skipped > 0) {
                text.append("        … ").append(skipped).append(" earlier lines\n");
            }
            console.stream()
                    .skip(skipped)
                    .forEach(line -> text.append("        ").append(clean(line)).append('\n'));
        }
    }

    private static String summary(TestReport report) {
        StringBuilder text = new StringBuilder();
        text.append(report.taskName()).append(' ').append(report.taskVersion()).append(": ");
        text.append(report.count(Status.PASSED)).append(" passed");
        if (report.count(Status.FAILED) > 0) {
            text.append(", ").append(report.count(Status.FAILED)).append(" failed");
        }
        if (report.count(Status.ERROR) > 0) {
            text.append(", ").append(report.count(Status.ERROR)).append(" with errors");
        }
        if (report.filteredOut() > 0) {
            text.append(", ").append(report.filteredOut()).append(" not chosen");
        }
        return text.append(String.format(
                        Locale.ROOT, " in %.2f s", report.duration().toMillis() / 1000.0))
                .toString();
    }

    private static String paint(String text, String code, boolean colour) {
        return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    /** What a task says must not steer the terminal it is shown on. */
    static String clean(String line) {
        Predicate<Integer> shown = c -> c == '\t' || !Character.isISOControl(c);
        return line.codePoints()
                .boxed()
                .map(c -> shown.test(c) ? Character.toString(c) : "\uFFFD")
                .collect(Collectors.joining());
    }
}

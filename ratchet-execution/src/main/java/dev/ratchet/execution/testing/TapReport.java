package dev.ratchet.execution.testing;

import dev.ratchet.execution.recording.Json;
import dev.ratchet.execution.testing.TestResult.Status;
import java.util.List;

/** A test report in the Test Anything Protocol, version 14; readers of version 13 understand it too. */
final class TapReport {
    private TapReport() {}

    static String render(TestReport report) {
        StringBuilder text = new StringBuilder("TAP version 14\n1..");
        text.append(report.results().size()).append('\n');
        int number = 0;
        for (TestResult result : report.results()) {
            number++;
            text.append(result.status() == Status.PASSED ? "ok " : "not ok ")
                    .append(number)
                    .append(" - ")
                    .append(description(result))
                    .append('\n');
            if (result.status() != Status.PASSED) {
                diagnostics(text, result);
            }
        }
        return text.toString();
    }

    private static String description(TestResult result) {
        String text = result.file().equals(result.name()) ? result.file() : result.file() + " > " + result.name();
        return ListReport.clean(text.replaceAll("\\R", " "))
                .replace("\\", "\\\\")
                .replace("#", "\\#");
    }

    /** A YAML block; JSON strings are YAML strings whatever they hold. */
    private static void diagnostics(StringBuilder text, TestResult result) {
        text.append("  ---\n");
        text.append("  severity: ")
                .append(result.status() == Status.ERROR ? "error" : "fail")
                .append('\n');
        text.append("  duration_ms: ").append(result.duration().toMillis()).append('\n');
        list(text, "failure", result.failure());
        list(
                text,
                "console",
                result.console().stream()
                        .map(line -> line.level() + " " + line.message())
                        .toList());
        text.append("  ...\n");
    }

    private static void list(StringBuilder text, String key, List<String> entries) {
        if (entries.isEmpty()) {
            return;
        }
        text.append("  ").append(key).append(":\n");
        entries.forEach(entry -> text.append("    - ").append(Json.quote(entry)).append('\n'));
    }
}

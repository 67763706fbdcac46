package dev.ratchet.execution.testing;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.execution.recording.Json;
import dev.ratchet.execution.recording.Outcomes;
import dev.ratchet.execution.testing.TestResult.Status;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A test report as one JSON object. */
final class JsonReport {
    private JsonReport() {}

    static String render(TestReport report) {
        ObjectNode tree = Json.object()
                .put("task", report.taskName())
                .put("version", report.taskVersion())
                .put("total", report.results().size())
                .put("passed", report.count(Status.PASSED))
                .put("failed", report.count(Status.FAILED))
                .put("errors", report.count(Status.ERROR))
                .put("notChosen", report.filteredOut())
                .put("allPassed", report.allPassed())
                .put("durationMs", report.duration().toMillis());
        ArrayNode tests = tree.putArray("tests");
        for (TestResult result : report.results()) {
            ObjectNode test = tests.addObject()
                    .put("file", result.file())
                    .put("name", result.name())
                    .put("status", result.status().name().toLowerCase(Locale.ROOT))
                    .put("durationMs", result.duration().toNanos() / 1e6);
            if (result.outcome() instanceof Succeeded(JsonText output)) {
                test.set("output", Json.parse("output", output));
            } else if (result.outcome() != null) {
                test.putObject("error")
                        .put("type", Outcomes.name(result.outcome()))
                        .put("message", Outcomes.message(result.outcome()));
            }
            ArrayNode failure = test.putArray("failure");
            result.failure().forEach(failure::add);
            ArrayNode console = test.putArray("console");
            for (LogLine line : result.console()) {
                console.addObject()
                        .put("level", line.level().name().toLowerCase(Locale.ROOT))
                        .put("time", line.epochMillis())
                        .put("message", line.message());
            }
        }
        return Json.writePretty(tree);
    }
}

package dev.ratchet.cli;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.execution.ExecutionOutcome;
import dev.ratchet.core.execution.ExecutionOutcome.Cancelled;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidInput;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidOutput;
import dev.ratchet.core.execution.ExecutionOutcome.InvalidPackage;
import dev.ratchet.core.execution.ExecutionOutcome.LimitExceeded;
import dev.ratchet.core.execution.ExecutionOutcome.Succeeded;
import dev.ratchet.core.execution.ExecutionOutcome.TaskFailed;
import dev.ratchet.core.execution.ExecutionOutcome.WorkerCrashed;
import dev.ratchet.core.execution.ExecutionResult;
import dev.ratchet.core.execution.LimitKind;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Shows how a run ended: the output on standard output, anything else as one line and its details on standard error. */
final class OutcomePrinter {
    /** What {@code --format} accepts. */
    enum Format {
        /** The output as indented JSON. */
        PRETTY,
        /** The output as JSON in one line. */
        JSON,
        /** Outcome, output or error, and figures as one JSON object, whatever the outcome. */
        REPORT;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final PrintStream out;
    private final PrintStream err;
    private final Style style;

    OutcomePrinter(CliEnvironment environment) {
        this.out = environment.out();
        this.err = environment.err();
        this.style = environment.errStyle();
    }

    void print(ExecutionResult result, Format format) {
        ExecutionOutcome outcome = result.outcome();
        if (format == Format.REPORT) {
            out.println(Json.pretty(report(result)));
        } else if (outcome instanceof Succeeded(JsonText output)) {
            out.println(format == Format.PRETTY ? Json.pretty(tree(output)) : Json.harmless(output.value()));
        }
        explain(outcome);
        if (result.droppedLogBytes() > 0) {
            err.println("ratchet: " + result.droppedLogBytes() + " bytes of log were over the limit and dropped");
        }
    }

    private void explain(ExecutionOutcome outcome) {
        switch (outcome) {
            case Succeeded _ -> {}
            case TaskFailed failed -> {
                say("task failed: " + failed.type() + ": " + failed.message());
                failed.stack().lines().forEach(line -> err.println("    " + RunDisplay.printable(line)));
            }
            case InvalidOutput invalid -> problems("the task's output is not valid", invalid.problems());
            case InvalidInput invalid -> problems("the input is not valid; the task did not run", invalid.problems());
            case InvalidPackage invalid -> problems("the task package is not valid", invalid.problems());
            case LimitExceeded exceeded -> say(sentence(exceeded));
            case WorkerCrashed crashed -> say("the worker process crashed: " + crashed.detail());
            case Cancelled cancelled -> say("cancelled: " + cancelled.reason());
        }
    }

    /** What was exceeded, by how much, and what to do about it. */
    static String sentence(LimitExceeded exceeded) {
        LimitKind limit = exceeded.limit();
        if (exceeded.used() < exceeded.allowed()) {
            // What was used counts what was allocated, and the allocation that failed is not among it.
            return "limit exceeded: " + limit.key() + ", one more allocation would have gone over the "
                    + amount(exceeded.allowed(), limit) + " allowed; limits." + limit.key()
                    + " in metadata.json raises it";
        }
        return "limit exceeded: " + limit.key() + " " + amount(exceeded.used(), limit) + " of "
                + amount(exceeded.allowed(), limit) + " allowed"
                + (limit == LimitKind.WALL_TIME
                        ? "; --timeout or limits.wallTime in metadata.json raises it"
                        : "; limits." + limit.key() + " in metadata.json raises it");
    }

    private static String amount(long value, LimitKind limit) {
        return switch (limit) {
            case WALL_TIME, CPU_TIME -> String.format(Locale.ROOT, "%.1f s", value / 1000.0);
            case MEMORY, OUTPUT_BYTES, FETCH_BYTES ->
                value < 10_240 ? value + " bytes" : String.format(Locale.ROOT, "%.1f MiB", value / 1048576.0);
            case FETCHES -> value + " requests";
        };
    }

    private void problems(String headline, List<Problem> problems) {
        say(headline);
        problems.forEach(problem -> err.println("  " + RunDisplay.printable(problem.toString())));
    }

    private void say(String message) {
        err.println(style.red("ratchet:") + " " + RunDisplay.printable(message).replaceAll("\\s*\\n\\s*", " "));
    }

    private static ObjectNode report(ExecutionResult result) {
        ObjectNode report = Json.MAPPER.createObjectNode();
        ExecutionOutcome outcome = result.outcome();
        report.put("outcome", outcome.getClass().getSimpleName());
        report.put("exitCode", outcome.exitCode());
        switch (outcome) {
            case Succeeded(JsonText output) -> report.set("output", tree(output));
            case TaskFailed failed -> {
                ObjectNode error = report.putObject("error");
                error.put("type", failed.type());
                error.put("message", failed.message());
                error.put("stack", failed.stack());
                JsonText details = failed.details();
                if (details != null) {
                    error.set("details", tree(details));
                }
            }
            case InvalidOutput invalid -> put(report, invalid.problems());
            case InvalidInput invalid -> put(report, invalid.problems());
            case InvalidPackage invalid -> put(report, invalid.problems());
            case LimitExceeded exceeded -> {
                report.put("limit", exceeded.limit().key());
                report.put("used", exceeded.used());
                report.put("allowed", exceeded.allowed());
                report.put("unit", exceeded.limit().unit());
            }
            case WorkerCrashed crashed -> report.put("detail", crashed.detail());
            case Cancelled cancelled -> report.put("reason", cancelled.reason());
        }
        report.put("retryable", outcome.retryable());
        report.put("wallTimeMs", result.wallTime().toMillis());
        report.put("cpuTimeMs", result.cpuTime().toMillis());
        report.put("attempts", result.attempts());
        report.put("droppedLogBytes", result.droppedLogBytes());
        return report;
    }

    private static void put(ObjectNode report, List<Problem> problems) {
        ArrayNode list = report.putArray("problems");
        for (Problem problem : problems) {
            ObjectNode entry = list.addObject();
            entry.put("source", problem.source());
            entry.put("position", problem.position());
            entry.put("message", problem.message());
        }
    }

    private static JsonNode tree(JsonText text) {
        return Json.MAPPER.readTree(text.value());
    }
}

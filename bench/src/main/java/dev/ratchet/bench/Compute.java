package dev.ratchet.bench;

import dev.ratchet.execution.WorkerPool;
import dev.ratchet.execution.WorkerProfile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * JavaScript that only computes, in a warm worker of the jit profile and under node: the same text, at least as many
 * seconds of warming as node has, the median of the last calls. In the worker every call is a run in a context of its own.
 */
final class Compute implements Group {
    private static final Duration BUDGET = Duration.ofSeconds(8);

    /** On a busy machine the compiler is still at work when the budget is used up; so long it is waited for. */
    private static final Duration MOST = Duration.ofSeconds(30);

    /** A kernel is warm when two more seconds, several times in a row, make it less than this much faster. */
    private static final double STILL_WARMING = 0.93;

    private static final int STEADY = 3;

    private static final int LAST = 21;
    private static final int MOST_SECONDS = 90;
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final List<Kernel> KERNELS = List.of(
            new Kernel("fib", 30, "fib(30)"),
            new Kernel("nbody", 200_000, "n-body, 200k steps"),
            new Kernel("sha", 20_000, "sha, 20k blocks"),
            new Kernel("json", 11_000, "JSON, 1 MB"));

    private record Kernel(String name, int size, String label) {
        String input() {
            return "{\"kernel\":\"" + name + "\",\"size\":" + size + "}";
        }
    }

    /** Milliseconds of the first call and of a warm one, and what the kernel computed. */
    private record Figure(double first, double warm, double result) {}

    @Override
    public void measure(Distribution distribution, Report report) throws IOException, InterruptedException {
        List<Figure> worker = inWorker(distribution);
        List<Figure> node = underNode();
        double logSum = 0;
        double worst = 0;
        for (int i = 0; i < KERNELS.size(); i++) {
            Kernel kernel = KERNELS.get(i);
            Figure ours = worker.get(i);
            String note = "first call " + Report.number(ours.first()) + " ms; ";
            if (node == null) {
                note += "no node";
            } else {
                Figure theirs = node.get(i);
                if (Math.abs(ours.result() - theirs.result()) > 1e-6 * Math.abs(theirs.result())) {
                    throw new IllegalStateException(kernel.name() + " gives " + ours.result() + " in the worker and "
                            + theirs.result() + " under node");
                }
                double ratio = ours.warm() / theirs.warm();
                logSum += Math.log(ratio);
                worst = Math.max(worst, ratio);
                note += "node " + Report.number(theirs.warm()) + " ms, first " + Report.number(theirs.first())
                        + " ms; ratio " + Report.number(ratio);
            }
            report.inform(kernel.label() + ", warm, jit", ours.warm(), "ms", note);
        }
        if (node == null) {
            report.unmeasured("computing, geometric mean to node", 2, "x", "no node");
            report.unmeasured("computing, worst ratio to node", 5, "x", "no node");
        } else {
            report.atMost("computing, geometric mean to node", 2, Math.exp(logSum / KERNELS.size()), "x", "");
            report.atMost("computing, worst ratio to node", 5, worst, "x", "");
        }
        interpreted(distribution, report);
    }

    private static List<Figure> inWorker(Distribution distribution) {
        Task task = Task.ofResource("kernels.js");
        List<Figure> figures = new ArrayList<>();
        try (WorkerPool pool = distribution.readyPool(WorkerProfile.JIT)) {
            if (!pool.workers().getFirst().compiler()) {
                throw new IllegalStateException("the worker of the jit profile has no compiler");
            }
            for (Kernel kernel : KERNELS) {
                figures.add(repeat(pool, task, kernel, BUDGET));
            }
        }
        return figures;
    }

    /** The same by the interpreter, which needs no warming worth speaking of. */
    private static void interpreted(Distribution distribution, Report report) {
        try (WorkerPool pool = distribution.readyPool(WorkerProfile.QUICK)) {
            for (Kernel kernel : KERNELS) {
                List<Double> times = new ArrayList<>();
                runFor(pool, Task.ofResource("kernels.js"), kernel, Duration.ofSeconds(4), times);
                report.inform(
                        kernel.label() + ", quick",
                        warm(times),
                        "ms",
                        "first call " + Report.number(times.getFirst()) + " ms");
            }
        }
    }

    private static Figure repeat(WorkerPool pool, Task task, Kernel kernel, Duration budget) {
        List<Double> times = new ArrayList<>();
        double result = runFor(pool, task, kernel, budget, times);
        double warm = warm(times);
        int steady = 0;
        for (long spent = budget.toSeconds(); spent < MOST.toSeconds() && steady < STEADY; spent += 2) {
            result = runFor(pool, task, kernel, Duration.ofSeconds(2), times);
            double before = warm;
            warm = warm(times);
            steady = warm > STILL_WARMING * before ? steady + 1 : 0;
        }
        return new Figure(times.getFirst(), warm, result);
    }

    private static double runFor(WorkerPool pool, Task task, Kernel kernel, Duration budget, List<Double> times) {
        long begun = System.nanoTime();
        double result;
        do {
            JsonNode answer = JSON.readTree(task.run(pool, kernel.input()));
            times.add(answer.get("millis").asDouble());
            result = answer.get("result").asDouble();
        } while (System.nanoTime() - begun < budget.toNanos());
        return result;
    }

    /** Median of the last calls. */
    private static double warm(List<Double> times) {
        int kept = Math.min(LAST, (times.size() + 2) / 3);
        double[] last = times.subList(times.size() - kept, times.size()).stream()
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        return last[last.length / 2];
    }

    private static @Nullable List<Figure> underNode() throws IOException, InterruptedException {
        Optional<Path> node = find("node");
        if (node.isEmpty()) {
            return null;
        }
        Path kernels = Files.createTempFile("ratchet-bench", ".js");
        Path script = Files.createTempFile("ratchet-bench", ".cjs");
        try {
            Files.writeString(kernels, Task.resource("kernels.js"));
            Files.writeString(script, Task.resource("node.js"));
            String inputs =
                    "[" + String.join(",", KERNELS.stream().map(Kernel::input).toList()) + "]";
            JsonNode answers = JSON.readTree(output(
                    List.of(
                            node.get().toString(),
                            script.toString(),
                            kernels.toString(),
                            String.valueOf(BUDGET.toMillis())),
                    inputs));
            List<Figure> figures = new ArrayList<>();
            for (JsonNode answer : answers) {
                figures.add(new Figure(
                        answer.get("first").asDouble(),
                        answer.get("median").asDouble(),
                        answer.get("result").asDouble()));
            }
            return figures;
        } finally {
            Files.deleteIfExists(kernels);
            Files.deleteIfExists(script);
        }
    }

    private static String output(List<String> command, String input) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException(command + " failed");
        }
        return output;
    }

    private static Optional<Path> find(String program) {
        String path = System.getenv("PATH");
        return Arrays.stream((path == null ? "" : path).split(":", -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}

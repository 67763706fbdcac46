package dev.ratchet.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Whole commands, from the start of the script to the end of the process. */
final class Commands implements Group {
    private static final int TIMES = 11;
    private static final int MOST_SECONDS = 30;

    @Override
    public void measure(Distribution distribution, Report report) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("ratchet-bench-task");
        Path metadata = folder.resolve("metadata.json");
        Path main = folder.resolve("main.js");
        try {
            Files.writeString(metadata, """
                    {"name": "no-op", "version": "1.0.0", "description": "Does next to nothing."}
                    """);
            Files.writeString(main, "function main(input) { return input; }\n");
            Samples help = time(distribution, List.of("--help"));
            Samples run = time(
                    distribution, List.of("run-once", "--from-fs", folder.toString(), "--input-json", "{\"a\": 1}"));
            report.atMost("run-once of a no-op, cold: median", 0.8, run.medianMillis() / 1000, "s", spread(run));
            report.atMost("--help: median", 0.2, help.medianMillis() / 1000, "s", spread(help));
        } finally {
            Files.deleteIfExists(metadata);
            Files.deleteIfExists(main);
            Files.deleteIfExists(folder);
        }
    }

    private static String spread(Samples samples) {
        return "of " + samples.count() + ": best " + Report.number(samples.percentileMillis(0) / 1000) + " s, worst "
                + Report.number(samples.percentileMillis(100) / 1000) + " s";
    }

    private static Samples time(Distribution distribution, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(distribution.program().toString());
        command.addAll(arguments);
        Samples samples = new Samples();
        // Once before it counts, for the page cache.
        for (int i = 0; i <= TIMES; i++) {
            long begun = System.nanoTime();
            run(command, distribution.javaHome());
            if (i > 0) {
                samples.add(System.nanoTime() - begun);
            }
        }
        return samples;
    }

    private static void run(List<String> command, Path javaHome) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", javaHome.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        byte[] output = process.getInputStream().readAllBytes();
        if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException(command + " did not end within " + MOST_SECONDS + " s");
        }
        if (process.exitValue() != 0) {
            throw new IllegalStateException(
                    command + " ended with " + process.exitValue() + ": " + new String(output, StandardCharsets.UTF_8));
        }
    }
}

package dev.ratchet.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** {@link CodecBenchmark} under JMH. */
final class Protocol implements Group {
    @Override
    public void measure(Distribution distribution, Report report) throws IOException {
        Path log = Files.createTempFile("ratchet-bench", ".log");
        try {
            Options options = new OptionsBuilder()
                    .include(CodecBenchmark.class.getName())
                    .forks(1)
                    .warmupIterations(4)
                    .warmupTime(TimeValue.seconds(1))
                    .measurementIterations(8)
                    .measurementTime(TimeValue.milliseconds(500))
                    .output(log.toString())
                    .build();
            Collection<RunResult> results = new Runner(options).run();
            for (RunResult result : results) {
                report.inform(
                        "frames there and back, input of " + result.getParams().getParam("inputCharacters"),
                        result.getPrimaryResult().getScore(),
                        "us",
                        "JMH, +- " + Report.number(result.getPrimaryResult().getScoreError()) + " us");
            }
        } catch (RunnerException e) {
            throw new IllegalStateException("JMH failed: " + Files.readString(log), e);
        } finally {
            Files.deleteIfExists(log);
        }
    }
}

package dev.ratchet.cli;

import dev.ratchet.execution.WorkerClasspath;
import java.nio.file.Path;

/** Where the program's workers are started from, depending on how the program itself was. */
final class WorkerFiles {
    private WorkerFiles() {}

    /** From the distribution, or else from the class path this program runs on. */
    static WorkerClasspath classpath(CliEnvironment environment) {
        Path javaHome = Path.of(System.getProperty("java.home"));
        return environment
                .home()
                .map(home -> WorkerClasspath.ofDistribution(home, javaHome))
                .orElseGet(() -> WorkerClasspath.ofClassPath(System.getProperty("java.class.path"), javaHome));
    }
}

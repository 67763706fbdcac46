package dev.ratchet.cli;

import dev.ratchet.execution.WorkerClasspath;
import java.nio.file.Path;
import java.util.Optional;

/** Where the program's workers are started from, depending on how the program itself was. */
final class WorkerFiles {
    private WorkerFiles() {}

    /** From the distribution, else from the single jar, else from the class path this program runs on. */
    static WorkerClasspath classpath(CliEnvironment environment) {
        Path javaHome = Path.of(System.getProperty("java.home"));
        Optional<Path> home = environment.home();
        if (home.isPresent()) {
            return WorkerClasspath.ofDistribution(home.get(), javaHome);
        }
        String classPath = System.getProperty("java.class.path");
        return BundledJars.of(classPath)
                .map(bundle -> bundle.extract(environment.variables(), javaHome))
                .orElseGet(() -> WorkerClasspath.ofClassPath(classPath, javaHome));
    }
}

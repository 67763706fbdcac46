package dev.ratchet.execution;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a worker is started from: a Java installation, the worker's own short class path, and, where there are, an
 * archive of loaded classes and profiles and the optimising compiler. Immutable.
 */
public final class WorkerClasspath {
    private static final String PATTERNS = "/META-INF/ratchet/worker-classpath";
    private static final String MAIN_CLASS = "dev.ratchet.execution.worker.WorkerMain";
    private static final Path MARKER = Path.of("dev", "ratchet", "execution", "protocol", "Message.class");
    private static final String OWN_JAR = "ratchet-execution-";

    private final Path javaHome;
    private final Path java;
    private final List<String> entry;
    private final @Nullable Path archive;
    private final @Nullable Path compiler;
    private final boolean compilerBuiltIn;

    private WorkerClasspath(Path javaHome, List<String> entry, @Nullable Path archive, @Nullable Path compiler) {
        this.javaHome = javaHome;
        this.java = javaOf(javaHome);
        this.entry = List.copyOf(entry);
        this.archive = archive;
        this.compiler = compiler;
        this.compilerBuiltIn = isGraalVm(javaHome);
    }

    /**
     * From a distribution.
     *
     * @param home directory with {@code lib/worker.jar} and perhaps {@code worker.aot} and {@code jit/}
     * @param javaHome Java installation that workers run on
     * @throws RatchetException when a file is missing
     */
    public static WorkerClasspath ofDistribution(Path home, Path javaHome) {
        Path jar = home.resolve("lib").resolve("worker.jar");
        if (!Files.isRegularFile(jar)) {
            throw unavailable("the distribution " + home + " has no lib/worker.jar; build or unpack it again", null);
        }
        Path archive = home.resolve("worker.aot");
        Path compiler = home.resolve("jit");
        return new WorkerClasspath(
                javaHome,
                List.of("-jar", jar.toAbsolutePath().toString()),
                Files.isRegularFile(archive) ? archive.toAbsolutePath() : null,
                holdsJars(compiler) ? compiler.toAbsolutePath() : null);
    }

    /**
     * From the class path of a program that was not started from a distribution, such as a test: the entries that a
     * worker needs.
     *
     * @param classPath in the form of {@code java.class.path}
     * @param javaHome Java installation that workers run on
     * @throws RatchetException when something a worker needs is not on it
     */
    public static WorkerClasspath ofClassPath(String classPath, Path javaHome) {
        List<String> entries = List.of(classPath.split(File.pathSeparator));
        List<String> chosen = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String pattern : patterns()) {
            List<String> matches = entries.stream()
                    .filter(candidate -> matches(candidate, pattern))
                    .map(match -> Path.of(match).toAbsolutePath().toString())
                    .toList();
            if (matches.isEmpty()) {
                missing.add(pattern);
            }
            chosen.addAll(matches);
        }
        if (!missing.isEmpty()) {
            throw unavailable(
                    "the class path lacks what a worker needs: " + String.join(", ", missing)
                            + "; run from a distribution or with these on the class path",
                    null);
        }
        return ofMainClass(chosen, MAIN_CLASS, javaHome);
    }

    /** A program of another name in place of the worker. */
    static WorkerClasspath ofMainClass(List<String> classPath, String mainClass, Path javaHome) {
        return new WorkerClasspath(
                javaHome,
                List.of(
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        String.join(File.pathSeparator, classPath),
                        mainClass),
                null,
                null);
    }

    /**
     * The same with the optimising compiler from {@code directory}.
     *
     * @throws RatchetException when there are no jars in it
     */
    public WorkerClasspath withCompiler(Path directory) {
        if (!holdsJars(directory)) {
            throw unavailable("no jars of the optimising compiler in " + directory, null);
        }
        return new WorkerClasspath(javaHome, entry, archive, directory.toAbsolutePath());
    }

    /** Whether the optimising compiler can run in workers. */
    public boolean hasCompiler() {
        return compilerBuiltIn || compiler != null;
    }

    Path java() {
        return java;
    }

    /** The last arguments of the virtual machine: class path and main class. */
    List<String> entry() {
        return entry;
    }

    /** The archive to map; only good for the quick profile, as the compiler's modules are not in it. */
    Optional<Path> archive() {
        return Optional.ofNullable(archive);
    }

    /** Directory of the compiler's jars; empty when the Java installation brings it. */
    Optional<Path> compiler() {
        return compilerBuiltIn ? Optional.empty() : Optional.ofNullable(compiler);
    }

    private static List<String> patterns() {
        try (InputStream in = WorkerClasspath.class.getResourceAsStream(PATTERNS)) {
            if (in == null) {
                throw unavailable("the resource " + PATTERNS + " is missing from this build", null);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
        } catch (IOException e) {
            throw unavailable("the resource " + PATTERNS + " cannot be read", e);
        }
    }

    private static boolean matches(String candidate, String pattern) {
        if (candidate.isEmpty()) {
            return false;
        }
        Path path = Path.of(candidate);
        if (pattern.startsWith(OWN_JAR) && Files.isRegularFile(path.resolve(MARKER))) {
            return true;
        }
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        Path name = path.getFileName();
        return name != null
                && matcher.matches(name)
                && !name.toString().endsWith("-tests.jar")
                && Files.isRegularFile(path);
    }

    private static boolean holdsJars(Path directory) {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(file -> file.toString().endsWith(".jar"));
        } catch (IOException e) {
            throw unavailable("cannot list " + directory, e);
        }
    }

    private static Path javaOf(Path javaHome) {
        Path bin = javaHome.resolve("bin");
        for (String name : List.of("java", "java.exe")) {
            if (Files.isRegularFile(bin.resolve(name))) {
                return bin.resolve(name).toAbsolutePath();
            }
        }
        throw unavailable(javaHome + " has no bin/java; workers need a JDK or JRE 25", null);
    }

    private static boolean isGraalVm(Path javaHome) {
        Path release = javaHome.resolve("release");
        if (!Files.isRegularFile(release)) {
            return false;
        }
        try {
            return Files.readString(release).contains("GRAALVM_VERSION");
        } catch (IOException e) {
            throw unavailable("cannot read " + release, e);
        }
    }

    private static RatchetException unavailable(String message, @Nullable Throwable cause) {
        return new RatchetException(ErrorCode.WORKER_UNAVAILABLE, message, cause);
    }
}

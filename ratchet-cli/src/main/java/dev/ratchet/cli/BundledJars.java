package dev.ratchet.cli;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.execution.WorkerClasspath;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The single jar of the server, with all others inside of it. A worker's virtual machine cannot read those, so what it
 * needs is copied out, once for each content: into a private folder of the user's cache, named by a hash of what is in it,
 * which appears when it is whole.
 */
final class BundledJars {
    private static final String LIBRARIES = "BOOT-INF/lib/";
    private static final String COMPILER = "jit/";
    private static final String WORKER_PATTERNS = "/META-INF/ratchet/worker-classpath";
    private static final int NAME_BYTES = 12;

    private static final boolean POSIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private final Path bundle;

    private BundledJars(Path bundle) {
        this.bundle = bundle;
    }

    /** The jar this program was started from, if it is one with others inside. */
    static Optional<BundledJars> of(String classPath) {
        if (classPath.contains(File.pathSeparator) || !classPath.endsWith(".jar")) {
            return Optional.empty();
        }
        try (ZipFile zip = new ZipFile(classPath)) {
            return zip.getEntry(LIBRARIES) == null
                    ? Optional.empty()
                    : Optional.of(new BundledJars(Path.of(classPath).toAbsolutePath()));
        } catch (IOException e) {
            throw unusable(Path.of(classPath), e);
        }
    }

    /**
     * Copies out what a worker needs, unless it is there already.
     *
     * @param variables environment; {@code XDG_CACHE_HOME} names the user's cache
     */
    WorkerClasspath extract(Map<String, String> variables, Path javaHome) {
        String given = variables.getOrDefault("XDG_CACHE_HOME", "");
        Path cache = (given.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(given))
                .resolve("ratchet");
        try (ZipFile zip = new ZipFile(bundle.toFile())) {
            List<? extends ZipEntry> wanted = wanted(zip);
            Path folder = cache.resolve(RatchetCli.version() + "-" + hash(wanted));
            if (Files.isDirectory(folder)) {
                requirePrivate(folder);
            } else {
                Files.createDirectories(cache);
                copy(zip, wanted, cache, folder);
            }
            return classpath(folder, javaHome);
        } catch (IOException e) {
            throw unusable(cache, e);
        }
    }

    private static WorkerClasspath classpath(Path folder, Path javaHome) throws IOException {
        try (Stream<Path> jars = Files.list(folder.resolve("lib"))) {
            WorkerClasspath classpath = WorkerClasspath.ofClassPath(
                    String.join(
                            File.pathSeparator,
                            jars.map(Path::toString).sorted().toList()),
                    javaHome);
            return classpath.hasCompiler() ? classpath : classpath.withCompiler(folder.resolve("jit"));
        }
    }

    private static List<? extends ZipEntry> wanted(ZipFile zip) throws IOException {
        List<PathMatcher> patterns;
        try (InputStream in = BundledJars.class.getResourceAsStream(WORKER_PATTERNS)) {
            if (in == null) {
                throw new IOException("the resource " + WORKER_PATTERNS + " is missing from this build");
            }
            patterns = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .map(line -> FileSystems.getDefault().getPathMatcher("glob:" + line))
                    .toList();
        }
        return zip.stream()
                .filter(entry -> !entry.isDirectory())
                .filter(entry -> entry.getName().startsWith(COMPILER)
                        || (entry.getName().startsWith(LIBRARIES)
                                && patterns.stream().anyMatch(pattern -> pattern.matches(fileName(entry)))))
                .sorted(Comparator.comparing(ZipEntry::getName))
                .toList();
    }

    private static Path fileName(ZipEntry entry) {
        return Path.of(entry.getName().substring(entry.getName().lastIndexOf('/') + 1));
    }

    private static String hash(List<? extends ZipEntry> entries) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (ZipEntry entry : entries) {
                digest.update((entry.getName() + " " + entry.getSize() + " " + entry.getCrc() + "\n")
                        .getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest(), 0, NAME_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void copy(ZipFile zip, List<? extends ZipEntry> entries, Path cache, Path folder)
            throws IOException {
        FileAttribute<?>[] ownerOnly = POSIX
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
        Path draft = Files.createTempDirectory(cache, "draft", ownerOnly);
        List<Path> written = new ArrayList<>(List.of(draft));
        try {
            for (String name : List.of("lib", "jit")) {
                written.add(Files.createDirectory(draft.resolve(name)));
            }
            for (ZipEntry entry : entries) {
                Path target = draft.resolve(entry.getName().startsWith(COMPILER) ? "jit" : "lib")
                        .resolve(fileName(entry));
                written.add(target);
                try (InputStream in = zip.getInputStream(entry)) {
                    Files.copy(in, target);
                }
            }
            move(draft, folder);
        } finally {
            for (Path path : written.reversed()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** Another process may have been quicker; then its copy is as good. */
    private static void move(Path draft, Path folder) throws IOException {
        try {
            Files.move(draft, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
            requirePrivate(folder);
        }
    }

    /** Workers run what is in there. */
    private static void requirePrivate(Path folder) throws IOException {
        if (!POSIX) {
            return;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(folder);
        boolean open = permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE);
        if (open || !Files.getOwner(folder).getName().equals(System.getProperty("user.name"))) {
            throw new IOException(folder + " is not this user's alone; remove it");
        }
    }

    private static RatchetException unusable(Path path, IOException cause) {
        return new RatchetException(
                ErrorCode.WORKER_UNAVAILABLE,
                "the files of the workers cannot be copied to " + path + " (" + cause.getMessage()
                        + "); XDG_CACHE_HOME may name another folder this user can write to",
                cause);
    }
}

package dev.ratchet.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads a package from a folder. Links are followed to files inside the package only. */
final class FolderReader {
    private final Path root;
    private final PackageFiles files;
    private final Problems problems;
    private int entries;

    private FolderReader(Path root, PackageFiles files, Problems problems) {
        this.root = root;
        this.files = files;
        this.problems = problems;
    }

    static void read(Path folder, PackageFiles files, Problems problems) {
        try {
            new FolderReader(folder.toRealPath(), files, problems).readFolder("");
        } catch (IOException e) {
            problems.add("", "", FileErrors.describe(e));
        }
    }

    private void readFolder(String prefix) {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(root.resolve(prefix))) {
            for (Path child : stream) {
                if (++entries > PackageBounds.MAX_ENTRIES) {
                    problems.add(
                            prefix,
                            "",
                            "there are more than " + PackageBounds.MAX_ENTRIES
                                    + " files and folders; is this the folder of one task?");
                    return;
                }
                children.add(child);
            }
        } catch (DirectoryIteratorException e) {
            problems.add(prefix, "", e.getCause() == null ? "cannot be read" : FileErrors.describe(e.getCause()));
            return;
        } catch (IOException e) {
            problems.add(prefix, "", FileErrors.describe(e));
            return;
        }
        Collections.sort(children);
        for (Path child : children) {
            if (entries > PackageBounds.MAX_ENTRIES || files.isFull()) {
                return;
            }
            String name = child.getFileName().toString();
            if (!PackageFiles.isSkipped(name)) {
                readChild(child, prefix.isEmpty() ? name : prefix + "/" + name);
            }
        }
    }

    private void readChild(Path child, String path) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(child, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isDirectory()) {
                if (path.chars().filter(c -> c == '/').count() + 1 < PackageBounds.MAX_PATH_NAMES) {
                    readFolder(path);
                } else {
                    problems.add(
                            path,
                            "",
                            "folder is nested too deeply; accepted: " + PackageBounds.MAX_PATH_NAMES
                                    + " names in a path");
                }
            } else if (attributes.isSymbolicLink()) {
                readLink(child, path);
            } else if (!attributes.isRegularFile()) {
                if (PackageFiles.isRelevant(path)) {
                    problems.add(path, "", "is neither a file nor a folder");
                }
            } else if (PackageFiles.isRelevant(path) && files.acceptsPath(path)) {
                readFile(child, path);
            }
        } catch (IOException e) {
            problems.add(path, "", FileErrors.describe(e));
        }
    }

    private void readLink(Path link, String path) throws IOException {
        Path target = link.toRealPath();
        if (!target.startsWith(root)) {
            problems.add(path, "", "is a link that leaves the package; put a copy of the file here");
        } else if (Files.isRegularFile(target)) {
            if (PackageFiles.isRelevant(path) && files.acceptsPath(path)) {
                readFile(target, path);
            }
        } else {
            problems.add(path, "", "is a link to something that is not a file; accepted are links to files");
        }
    }

    private void readFile(Path file, String path) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            files.add(path, in.readNBytes(PackageBounds.MAX_FILE_BYTES + 1));
        }
    }
}

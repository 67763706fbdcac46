package dev.ratchet.registry;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Reads a package from a ZIP archive of its content or of its folder. Nothing is unpacked to disk, sizes are counted
 * while inflating and not taken from the archive, and names that would leave the package are refused.
 */
final class ZipReader {
    private final ZipFile archive;
    private final Set<String> links;
    private final PackageFiles files;
    private final Problems problems;

    private ZipReader(ZipFile archive, Set<String> links, PackageFiles files, Problems problems) {
        this.archive = archive;
        this.links = links;
        this.files = files;
        this.problems = problems;
    }

    static void read(Path path, PackageFiles files, Problems problems) {
        try {
            if (Files.size(path) > PackageBounds.MAX_ARCHIVE_BYTES) {
                problems.add("", "", "archive is larger than " + PackageBounds.MAX_ARCHIVE_BYTES + " bytes");
                return;
            }
            Set<String> links = ZipDirectory.links(path);
            try (ZipFile archive = new ZipFile(path.toFile(), StandardCharsets.UTF_8)) {
                new ZipReader(archive, links, files, problems).readAll();
            }
        } catch (ZipException e) {
            problems.add(
                    "",
                    "",
                    "is not a ZIP archive that can be read: " + e.getMessage()
                            + "; accepted: entries that are stored or deflated and not encrypted, with names in UTF-8");
        } catch (IOException e) {
            problems.add("", "", FileErrors.describe(e));
        }
    }

    private void readAll() {
        if (archive.size() > PackageBounds.MAX_ENTRIES) {
            problems.add("", "", "there are more than " + PackageBounds.MAX_ENTRIES + " files and folders");
            return;
        }
        List<ZipEntry> entries = new ArrayList<>();
        archive.stream().filter(this::isAcceptable).forEach(entries::add);
        String prefix = topFolder(entries);
        for (ZipEntry entry : entries) {
            String path = entry.getName().substring(prefix.length());
            if (!files.isFull() && PackageFiles.isRelevant(path) && files.acceptsPath(path)) {
                readEntry(entry, path);
            }
        }
    }

    /** Whether the entry is a file of the package by its name; hostile names are reported. */
    private boolean isAcceptable(ZipEntry entry) {
        String name = entry.getName();
        String shown = name.length() > PackageBounds.MAX_PATH_LENGTH
                ? name.substring(0, PackageBounds.MAX_PATH_LENGTH) + "…"
                : name;
        String plain = entry.isDirectory() ? name.substring(0, name.length() - 1) : name;
        if (!PackageFiles.isPlain(plain)) {
            problems.add(shown, "", "entry name leaves the package or is not plain; accepted: folder/file.js");
            return false;
        }
        if (entry.isDirectory() || Arrays.stream(plain.split("/", -1)).anyMatch(PackageFiles::isSkipped)) {
            return false;
        }
        if (links.contains(name)) {
            problems.add(shown, "", "is a symbolic link; archive the files themselves (zip without --symlinks)");
            return false;
        }
        return true;
    }

    /** {@code "folder/"} when the archive holds one folder and nothing beside it. */
    private static String topFolder(List<ZipEntry> entries) {
        Set<String> tops = new TreeSet<>();
        for (ZipEntry entry : entries) {
            int slash = entry.getName().indexOf('/');
            tops.add(entry.getName().substring(0, slash + 1));
        }
        String only = tops.size() == 1 ? tops.iterator().next() : "";
        return only.equals("tests/") ? "" : only;
    }

    private void readEntry(ZipEntry entry, String path) {
        try (InputStream in = archive.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(PackageBounds.MAX_FILE_BYTES + 1);
            long compressed = Math.max(1, entry.getCompressedSize());
            if (bytes.length > 1 << 20 && bytes.length / compressed > PackageBounds.MAX_COMPRESSION_RATIO) {
                problems.add(
                        path,
                        "",
                        "inflates more than " + PackageBounds.MAX_COMPRESSION_RATIO
                                + "-fold, which source code does not");
                // Entries may share their bytes, so that a small archive holds any number of such files.
                files.account(bytes.length);
                return;
            }
            files.add(path, bytes);
        } catch (IOException e) {
            // How much it had inflated to by then is not known; it may be all that is allowed.
            files.account(PackageBounds.MAX_FILE_BYTES);
            problems.add(path, "", "cannot be unpacked: " + e.getMessage());
        }
    }
}

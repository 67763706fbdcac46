package dev.ratchet.registry;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files of a package as text by path, wherever they came from. Collects what a folder or archive yields, enforces
 * the bounds on the way, and skips what is never part of a package: names that start with a dot, {@code node_modules},
 * and everything that is neither JavaScript nor JSON nor the package's YAML. Used by one thread.
 */
final class PackageFiles {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final SortedMap<String, String> texts = new TreeMap<>();
    private final Map<String, String> pathsByFoldedPath = new HashMap<>();
    private final Problems problems;
    private long totalBytes;
    private boolean full;

    PackageFiles(Problems problems) {
        this.problems = problems;
    }

    /** Whether a folder or file of this name is no part of any package. */
    static boolean isSkipped(String name) {
        return name.startsWith(".") || name.equals("node_modules") || name.equals("__MACOSX");
    }

    /** Whether a file at this path is read. */
    static boolean isRelevant(String path) {
        int slash = path.lastIndexOf('/');
        String name = path.substring(slash + 1);
        return isCode(name) || name.equals("meta.yaml") || name.equals("meta.yml");
    }

    static boolean isCode(String name) {
        return name.endsWith(".js") || name.endsWith(".mjs") || name.endsWith(".cjs") || name.endsWith(".json");
    }

    /** Whether a path is of the form {@code folder/file.js}, without names that lead elsewhere. */
    static boolean isPlain(String path) {
        List<String> names = Arrays.asList(path.split("/", -1));
        return !path.contains("\\") && !names.contains("..") && !names.contains(".") && !names.contains("");
    }

    /** Checks a path before anything is read; adds a problem and returns false when it is refused. */
    boolean acceptsPath(String path) {
        if (full) {
            return false;
        }
        String[] names = path.split("/", -1);
        if (path.length() > PackageBounds.MAX_PATH_LENGTH || names.length > PackageBounds.MAX_PATH_NAMES) {
            problems.add(
                    path.substring(0, Math.min(path.length(), PackageBounds.MAX_PATH_LENGTH)),
                    "",
                    "path is too long; accepted: " + PackageBounds.MAX_PATH_LENGTH + " characters in "
                            + PackageBounds.MAX_PATH_NAMES + " names");
            return false;
        }
        if (path.chars().anyMatch(c -> c < 0x20 || c == 0x7f || c == '\\' || c == 0xfffd)) {
            problems.add(path, "", "file name has a backslash, a control character or is not Unicode; rename the file");
            return false;
        }
        String folded = Normalizer.normalize(path, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
        String earlier = pathsByFoldedPath.putIfAbsent(folded, path);
        if (earlier != null) {
            problems.add(
                    path,
                    "",
                    earlier.equals(path)
                            ? "is there twice; keep one"
                            : "differs from " + earlier + " in upper and lower case or accents only, which not every"
                                    + " file system can keep apart; rename one");
            return false;
        }
        return true;
    }

    /**
     * Adds an accepted path's content; {@code bytes} may be one longer than what is allowed, to show that there is more.
     */
    void add(String path, byte[] bytes) {
        if (full || !account(bytes.length)) {
            return;
        }
        if (bytes.length > PackageBounds.MAX_FILE_BYTES) {
            problems.add(path, "", "file is larger than " + PackageBounds.MAX_FILE_BYTES + " bytes");
            return;
        }
        if (texts.size() >= PackageBounds.MAX_FILES) {
            stop("there are more than " + PackageBounds.MAX_FILES + " files");
            return;
        }
        decode(path, bytes).ifPresent(text -> texts.put(path, text));
    }

    /** Counts bytes that were read, of refused files too; false when that was too much. */
    boolean account(int bytes) {
        totalBytes += bytes;
        if (totalBytes > PackageBounds.MAX_TOTAL_BYTES) {
            stop("files come to more than " + PackageBounds.MAX_TOTAL_BYTES + " bytes together");
            return false;
        }
        return true;
    }

    private void stop(String message) {
        full = true;
        problems.add("", "", message);
    }

    /** Whether nothing more is taken because a bound of the whole package was hit. */
    boolean isFull() {
        return full;
    }

    SortedMap<String, String> texts() {
        return Collections.unmodifiableSortedMap(texts);
    }

    private Optional<String> decode(String path, byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer source = ByteBuffer.wrap(bytes);
        CharBuffer target = CharBuffer.allocate(bytes.length + 1);
        CoderResult result = decoder.decode(source, target, true);
        String text = target.flip().toString();
        try {
            if (result.isError()) {
                result.throwException();
            }
        } catch (CharacterCodingException e) {
            int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
            int column = text.length() - text.lastIndexOf('\n');
            problems.add(
                    path,
                    line + ":" + column,
                    String.format(
                            Locale.ROOT,
                            "byte 0x%02x does not continue UTF-8 text; save the file as UTF-8",
                            bytes[source.position()]));
            return Optional.empty();
        }
        return Optional.of(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
    }
}

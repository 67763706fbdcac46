package dev.ratchet.execution.delivery;

import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names of files that deliveries may write: relative to the output folder, without {@code .} and {@code ..}, and usable
 * on every operating system.
 */
final class OutputPath {
    private static final int MAX_BYTES = 4096;
    private static final int MAX_NAME_BYTES = 255;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    /** Naming Files, Paths, and Namespaces, in the documentation of Windows; with any extension. */
    private static final Pattern DEVICE =
            Pattern.compile("(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\\$|conout\\$)( *\\..*)?");

    private OutputPath() {}

    /**
     * What is wrong with a path or with the fixed part of a template for one; empty when nothing is.
     *
     * @param path with slashes between names; a leading one makes it absolute
     */
    static Optional<String> fault(String path) {
        if (path.isBlank()) {
            return Optional.of("is empty; accepted is a file name, with folders before it if need be");
        }
        if (path.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            return Optional.of("is longer than " + MAX_BYTES + " bytes");
        }
        if (path.indexOf('\\') >= 0 || CONTROL.matcher(path).find()) {
            return Optional.of("has a backslash or a control character; accepted are names separated by /");
        }
        for (String name : path.split("/", -1)) {
            if (name.equals("..") || name.equals(".")) {
                return Optional.of("has the segment '" + name + "'; accepted are paths without . and ..");
            }
        }
        return Optional.empty();
    }

    /**
     * The names of a filled path below {@code root}, in order, at least one.
     *
     * @throws TemplateException when it leads elsewhere or has a name that cannot be used
     */
    static List<String> names(String path, Path root, Path realRoot) throws TemplateException {
        Optional<String> fault = fault(path);
        if (fault.isPresent()) {
            throw new TemplateException("the path " + fault.get());
        }
        String relative = path;
        if (path.startsWith("/") || Path.of(first(path)).isAbsolute()) {
            relative = below(path, root, realRoot);
        }
        List<String> names = new ArrayList<>();
        for (String name : relative.split("/", -1)) {
            // Two slashes in a row come from a variable without characters, and mean one.
            if (!name.isEmpty()) {
                names.add(checked(name));
            }
        }
        if (names.isEmpty() || relative.endsWith("/")) {
            throw new TemplateException("the path names a folder; accepted is the name of a file");
        }
        return names;
    }

    private static String below(String path, Path root, Path realRoot) throws TemplateException {
        try {
            Path absolute = Path.of(path).normalize();
            for (Path base : List.of(root, realRoot)) {
                if (absolute.startsWith(base) && !absolute.equals(base)) {
                    return base.relativize(absolute).toString().replace('\\', '/');
                }
            }
        } catch (InvalidPathException e) {
            throw new TemplateException("the path cannot be used on this machine: " + e.getReason());
        }
        throw new TemplateException(
                "the path leads out of the output folder; accepted are paths below " + root + " (output.root)");
    }

    private static String first(String path) throws TemplateException {
        try {
            return Path.of(path).toString();
        } catch (InvalidPathException e) {
            throw new TemplateException("the path cannot be used on this machine: " + e.getReason());
        }
    }

    private static String checked(String name) throws TemplateException {
        if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES) {
            throw new TemplateException("the path has a name of more than " + MAX_NAME_BYTES + " bytes");
        }
        if (DEVICE.matcher(name.toLowerCase(Locale.ROOT)).matches()) {
            throw new TemplateException("the path has the name '" + name + "', which is a device on Windows");
        }
        if (name.endsWith(".") || name.endsWith(" ")) {
            throw new TemplateException(
                    "the path has a name that ends with a dot or a space, which Windows takes away");
        }
        return name;
    }
}

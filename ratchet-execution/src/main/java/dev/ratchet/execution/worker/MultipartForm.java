package dev.ratchet.execution.worker;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.graalvm.polyglot.proxy.ProxyArray;
import org.jspecify.annotations.Nullable;

/** Reads {@code multipart/form-data} bodies (RFC 7578, with the percent escapes of the HTML Standard in names). */
final class MultipartForm {

    /** More parts than any form has; a body of millions of tiny ones is refused. */
    private static final int MAX_PARTS = 10_000;

    private static final Pattern BOUNDARY =
            Pattern.compile("boundary=(?:\"([^\"]{1,200})\"|([^\";,\\s]{1,200}))", Pattern.CASE_INSENSITIVE);
    private static final Pattern NAME = Pattern.compile("[;\\s]name=\"([^\"]*)\"", Pattern.CASE_INSENSITIVE);
    private static final Pattern FILE_NAME = Pattern.compile("[;\\s]filename=\"([^\"]*)\"", Pattern.CASE_INSENSITIVE);

    private MultipartForm() {}

    /**
     * Finds the parts of a body.
     *
     * @return five values a part: name, file name or null, content type, start and length of its content; null if the
     *     body is not well-formed
     */
    static @Nullable ProxyArray parse(String contentType, byte[] body) {
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!boundary.find()) {
            return null;
        }
        String text = boundary.group(1) != null ? boundary.group(1) : boundary.group(2);
        // One char a byte, so that positions in the text are positions in the body.
        var all = new String(body, StandardCharsets.ISO_8859_1);
        var delimiter = "--" + new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);

        var result = new ArrayList<@Nullable Object>();
        int at = all.indexOf(delimiter);
        if (at < 0) {
            return null;
        }
        at += delimiter.length();
        for (int part = 0; part <= MAX_PARTS; part++) {
            if (all.startsWith("--", at)) {
                return ProxyArray.fromList(new ArrayList<Object>(result));
            }
            if (!all.startsWith("\r\n", at)) {
                return null;
            }
            int content = all.indexOf("\r\n\r\n", at);
            int end = content < 0 ? -1 : all.indexOf("\r\n" + delimiter, content + 2);
            if (end < 0 || !addPart(all.substring(at + 2, content), content + 4, end, result)) {
                return null;
            }
            at = end + 2 + delimiter.length();
        }
        return null;
    }

    private static boolean addPart(String head, int from, int to, List<@Nullable Object> result) {
        String name = null;
        String fileName = null;
        String type = "text/plain";
        for (String line : head.split("\r\n", -1)) {
            int colon = line.indexOf(':');
            if (colon < 0) {
                return false;
            }
            String value = new String(
                    line.substring(colon + 1).strip().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            switch (line.substring(0, colon).strip().toLowerCase(Locale.ROOT)) {
                case "content-disposition" -> {
                    name = quoted(NAME, value);
                    fileName = quoted(FILE_NAME, value);
                }
                case "content-type" -> type = value;
                default -> {
                    // Other fields of a part mean nothing to a form.
                }
            }
        }
        if (name == null) {
            return false;
        }
        result.add(name);
        result.add(fileName);
        result.add(type);
        result.add(from);
        result.add(Math.max(to - from, 0));
        return true;
    }

    private static @Nullable String quoted(Pattern pattern, String value) {
        Matcher matcher = pattern.matcher(value);
        return matcher.find()
                ? matcher.group(1).replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n")
                : null;
    }
}

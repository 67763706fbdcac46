package dev.ratchet.api.web;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes the one file out of a {@code multipart/form-data} body (RFC 7578). */
public final class Multipart {
    private static final Pattern BOUNDARY =
            Pattern.compile("boundary=(?:\"([^\"]{1,70})\"|([^;\\s\"]{1,70}))", Pattern.CASE_INSENSITIVE);
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_PARTS = 20;
    private static final int MAX_HEAD = 8_192;

    private Multipart() {}

    /**
     * The content of the first part that is a file.
     *
     * @param parameters of the media type, with the boundary
     * @throws RatchetException BAD_REQUEST when there is none
     */
    public static byte[] file(String parameters, byte[] body) {
        Matcher matcher = BOUNDARY.matcher(parameters);
        if (!matcher.find()) {
            throw malformed("the media type names no boundary");
        }
        String boundary = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        byte[] line = ("--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        byte[] delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        int start = indexOf(body, line, 0);
        for (int part = 0; start >= 0 && part < MAX_PARTS; part++) {
            int head = start + line.length;
            int headEnd = indexOf(body, HEAD_END, head);
            if (headEnd < 0 || headEnd - head > MAX_HEAD) {
                break;
            }
            int content = headEnd + HEAD_END.length;
            // An empty part has its delimiter right after the blank line.
            int end = indexOf(body, delimiter, content - 2);
            if (end < 0) {
                throw malformed("the last part has no end");
            }
            String headers = new String(body, head, headEnd - head, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
            if (headers.contains("filename=") || headers.contains("filename*=")) {
                return Arrays.copyOfRange(body, content, Math.max(content, end));
            }
            start = end + 2;
        }
        throw malformed("there is no file among the parts");
    }

    private static int indexOf(byte[] text, byte[] wanted, int from) {
        for (int i = Math.max(0, from); i <= text.length - wanted.length; i++) {
            if (Arrays.equals(text, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }

    private static RatchetException malformed(String message) {
        return new RatchetException(ErrorCode.BAD_REQUEST, "the multipart body cannot be used: " + message);
    }
}

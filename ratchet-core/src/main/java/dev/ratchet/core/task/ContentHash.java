package dev.ratchet.core.task;

import dev.ratchet.core.common.CanonicalJson;
import dev.ratchet.core.common.JsonText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The name of a task version: SHA-256 over everything that decides what a run does, and over nothing else.
 *
 * <p>Definition. Let {@code D} be the JSON object
 *
 * <pre>{@code
 * {"format": 1,
 *  "files": [[path, hex SHA-256 of the file's UTF-8 bytes], …]   sorted by path (UTF-16 code units),
 *  "entry": path of the entry file,
 *  "contract": {"compat", "inputSchema", "outputSchema", "limits", "net", "secrets",
 *               "cache", "httpCache"}}                                          absent keys left out
 * }</pre>
 *
 * The hash is the SHA-256 of {@code D} in the canonical form of RFC 8785 (JCS), written in lower-case hexadecimal. Line
 * ends are part of a file's bytes; tests, descriptions and other metadata are outside. A folder and a ZIP archive of
 * it give the same hash, and so does a package whose JSON differs in white space, key order or number notation only.
 *
 * @param hex 64 lower-case hexadecimal digits
 */
public record ContentHash(String hex) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{64}");

    public ContentHash {
        if (!FORM.matcher(hex).matches()) {
            throw new IllegalArgumentException("a content hash is 64 hexadecimal digits, was '" + hex + "'");
        }
    }

    /**
     * Computes the hash.
     *
     * @param code the code files and their entry
     * @param contract JSON object of the keys named above that the package declares, values as declared
     * @throws IllegalArgumentException when {@code contract} has no canonical form, such as a number outside IEEE 754
     */
    public static ContentHash of(TaskCode code, JsonText contract) {
        SortedMap<String, String> digests = new TreeMap<>();
        code.files().forEach((path, text) -> digests.put(path, sha256(text.getBytes(StandardCharsets.UTF_8))));
        StringBuilder document = new StringBuilder("{\"format\":1,\"entry\":");
        appendString(document, code.entry());
        document.append(",\"files\":[");
        String separator = "";
        for (Map.Entry<String, String> file : digests.entrySet()) {
            document.append(separator).append('[');
            appendString(document, file.getKey());
            document.append(",\"").append(file.getValue()).append("\"]");
            separator = ",";
        }
        document.append("],\"contract\":").append(contract.value()).append('}');
        return new ContentHash(sha256(CanonicalJson.of(new JsonText(document.toString()))));
    }

    /**
     * Computes the hash of a package.
     *
     * @param code the code files and their entry
     * @param declared JSON object of the contract's keys other than the schemas, see {@link TaskPackage#declared()}
     * @param inputSchema the package's schema of the input
     * @param outputSchema the package's schema of the output
     * @throws IllegalArgumentException when one of them has no canonical form
     */
    public static ContentHash of(
            TaskCode code, JsonText declared, Optional<JsonText> inputSchema, Optional<JsonText> outputSchema) {
        // As text, so that no number is rounded on its way into the hash.
        List<String> members = new ArrayList<>();
        String others = declared.value().strip();
        if (!others.startsWith("{") || !others.endsWith("}")) {
            throw new IllegalArgumentException("the declared contract is a JSON object, was " + others);
        }
        others = others.substring(1, others.length() - 1);
        if (!others.isBlank()) {
            members.add(others);
        }
        inputSchema.ifPresent(schema -> members.add("\"inputSchema\":" + schema.value()));
        outputSchema.ifPresent(schema -> members.add("\"outputSchema\":" + schema.value()));
        return of(code, new JsonText("{" + String.join(",", members) + "}"));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static void appendString(StringBuilder target, String text) {
        target.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                target.append('\\').append(c);
            } else if (c < 0x20) {
                target.append(String.format("\\u%04x", (int) c));
            } else {
                target.append(c);
            }
        }
        target.append('"');
    }

    @Override
    public String toString() {
        return hex;
    }
}

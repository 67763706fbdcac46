package dev.ratchet.execution.recording;

import dev.ratchet.core.secret.SecretMask;
import dev.ratchet.core.secret.Secrets;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Brings what a task said into the one form in which recording and replay can be compared: secret values, and the
 * placeholders a replay is given in their stead, become the plain placeholder in whatever encoding they stand.
 *
 * <p>A Base64 text that holds a secret is decoded, masked and encoded again, because a replay that encodes the
 * placeholder produces exactly that; masking the encoded letters would leave the ones at the edges, which depend on the
 * secret and on its neighbours. What is derived from a secret by a digest cannot be recognised.
 */
final class SecretForms {
    /** Long enough for any secret of the least length, short enough to be cheap. */
    private static final Pattern BASE64_RUN = Pattern.compile("[A-Za-z0-9+/_-]{6,}={0,2}");

    private final SecretMask values;
    private final SecretMask bytes;
    private final Map<String, String> encodedPlaceholders;

    SecretForms(Secrets secrets) {
        values = secrets.mask();
        Map<String, String> byteWise = new TreeMap<>();
        secrets.reveal()
                .forEach((name, value) -> byteWise.put(
                        name, new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)));
        bytes = new Secrets(byteWise).mask();
        Map<String, String> encoded = new TreeMap<>();
        for (String name : secrets.names()) {
            String placeholder = SecretMask.placeholder(name);
            encoded.put(URLEncoder.encode(placeholder, StandardCharsets.UTF_8), placeholder);
            // A URL's query keeps the colon and the brackets; encodeURI keeps the colon only.
            encoded.put(placeholder.replace("[", "%5B").replace("]", "%5D"), placeholder);
            encoded.put(HexFormat.of().formatHex(placeholder.getBytes(StandardCharsets.UTF_8)), placeholder);
        }
        encodedPlaceholders = Map.copyOf(encoded);
    }

    boolean isEmpty() {
        return encodedPlaceholders.isEmpty();
    }

    /** The comparable form of {@code text}, free of secret values. */
    String normalise(String text) {
        return isEmpty() ? text : plain(values, base64(text));
    }

    /** The comparable form of a body: as text where it is UTF-8, byte by byte where it is not. */
    byte[] normalise(byte[] body) {
        if (isEmpty()) {
            return body;
        }
        String text = Bodies.utf8(body);
        if (text != null) {
            String masked = normalise(text);
            return masked.equals(text) ? body : masked.getBytes(StandardCharsets.UTF_8);
        }
        String latin = new String(body, StandardCharsets.ISO_8859_1);
        String masked = plain(bytes, latin);
        return masked.equals(latin) ? body : masked.getBytes(StandardCharsets.ISO_8859_1);
    }

    private String plain(SecretMask mask, String text) {
        String masked = mask.mask(text);
        for (Map.Entry<String, String> encoded : encodedPlaceholders.entrySet()) {
            masked = masked.replace(encoded.getKey(), encoded.getValue());
        }
        return masked;
    }

    private String base64(String text) {
        Matcher runs = BASE64_RUN.matcher(text);
        StringBuilder result = null;
        int copied = 0;
        while (runs.find()) {
            String masked = base64Run(runs.group());
            if (!masked.equals(runs.group())) {
                result = result == null ? new StringBuilder(text.length()) : result;
                result.append(text, copied, runs.start()).append(masked);
                copied = runs.end();
            }
        }
        return result == null
                ? text
                : result.append(text, copied, text.length()).toString();
    }

    private String base64Run(String run) {
        boolean url = run.indexOf('-') >= 0 || run.indexOf('_') >= 0;
        byte[] decoded;
        try {
            decoded = (url ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(run);
        } catch (IllegalArgumentException _) {
            return run;
        }
        String latin = new String(decoded, StandardCharsets.ISO_8859_1);
        String masked = plain(bytes, latin);
        if (masked.equals(latin)) {
            return run;
        }
        Base64.Encoder encoder = url ? Base64.getUrlEncoder() : Base64.getEncoder();
        boolean padded = run.endsWith("=") || decoded.length % 3 == 0;
        return (padded ? encoder : encoder.withoutPadding())
                .encodeToString(masked.getBytes(StandardCharsets.ISO_8859_1));
    }
}

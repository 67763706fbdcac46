package dev.ratchet.api.web;

import dev.ratchet.api.Problems;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parameters of a request's query, decoded strictly: percent-encoded UTF-8, {@code +} for a space. */
public final class Query {
    private static final int MAX_PARAMETERS = 100;

    private final SequencedMap<String, List<String>> parameters;

    private Query(SequencedMap<String, List<String>> parameters) {
        this.parameters = parameters;
    }

    /**
     * Reads a query.
     *
     * @param text what follows the {@code ?}, or null
     * @throws RatchetException BAD_REQUEST when it is not encoded properly or has too many parameters
     */
    public static Query parse(@Nullable String text) {
        SequencedMap<String, List<String>> parameters = new LinkedHashMap<>();
        if (text == null || text.isEmpty()) {
            return new Query(parameters);
        }
        String[] parts = text.split("&", MAX_PARAMETERS + 1);
        if (parts.length > MAX_PARAMETERS) {
            throw new RatchetException(
                    ErrorCode.BAD_REQUEST, "a query may have at most " + MAX_PARAMETERS + " parameters");
        }
        for (String part : parts) {
            if (!part.isEmpty()) {
                int equals = part.indexOf('=');
                String name = decode(equals < 0 ? part : part.substring(0, equals), true);
                String value = equals < 0 ? "" : decode(part.substring(equals + 1), true);
                parameters.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
            }
        }
        return new Query(parameters);
    }

    /** The names that were given, in order. */
    public Set<String> names() {
        return Collections.unmodifiableSet(parameters.keySet());
    }

    /** Every value of a parameter. */
    public List<String> all(String name) {
        return Collections.unmodifiableList(parameters.getOrDefault(name, List.of()));
    }

    /**
     * The value of a parameter.
     *
     * @throws RatchetException VALIDATION_ERROR when it is given more than once
     */
    public Optional<String> one(String name) {
        List<String> values = all(name);
        if (values.size() > 1) {
            throw invalid(name, "is given " + values.size() + " times; once is enough");
        }
        return values.stream().findFirst();
    }

    /** A refusal of a parameter. */
    public static RatchetException invalid(String name, String message) {
        return new RatchetException(
                ErrorCode.VALIDATION_ERROR,
                "the query cannot be used: " + name + " " + message,
                List.of(new Problem(Problems.QUERY, name, message)));
    }

    /** Undoes percent encoding, byte by byte; what is not UTF-8 is refused. */
    static String decode(String text, boolean plusIsSpace) {
        String decoded = text.indexOf('%') < 0 && text.indexOf('+') < 0 ? text : decoded(text, plusIsSpace);
        if (decoded.indexOf('\0') >= 0) {
            throw new RatchetException(ErrorCode.BAD_REQUEST, "the address holds %00, which no name or value has");
        }
        return decoded;
    }

    private static String decoded(String text, boolean plusIsSpace) {
        ByteBuffer bytes = ByteBuffer.allocate(text.length() * 3);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                bytes.put(encodedByte(text, i));
                i += 2;
            } else if (c == '+' && plusIsSpace) {
                bytes.put((byte) ' ');
            } else {
                bytes.put(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException e) {
            throw new RatchetException(ErrorCode.BAD_REQUEST, "the address holds bytes that are not UTF-8", e);
        }
    }

    private static byte encodedByte(String text, int at) {
        int high = at + 2 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
        int low = at + 2 < text.length() ? Character.digit(text.charAt(at + 2), 16) : -1;
        if (high < 0 || low < 0) {
            throw new RatchetException(ErrorCode.BAD_REQUEST, "the address holds a % that two digits do not follow");
        }
        return (byte) (high * 16 + low);
    }

    Map<String, List<String>> asMap() {
        return Collections.unmodifiableMap(parameters);
    }
}

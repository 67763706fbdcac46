package dev.ratchet.execution.schema;

import com.networknt.schema.ExecutionContext;
import com.networknt.schema.format.Format;
import com.networknt.schema.format.Formats;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The formats of JSON Schema in forms that cannot be made to run long: the library's own parsers on short texts only,
 * and its backtracking patterns replaced by RE2/J. Formats outside the specification are not asserted, as it says.
 */
final class BoundedFormat implements Format {
    /** Nothing a format describes is longer; URLs that carry data are what comes near. */
    private static final int MAX_LENGTH = 1 << 20;

    /** For the library's parsers that use patterns themselves. */
    private static final int MAX_SHORT = 1_000;

    private static final String LABEL = "[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private static final String POINTER = "(/([^/~]|~[01])*)*";
    private static final String VARSPEC =
            "([A-Za-z0-9_]|%[0-9A-Fa-f]{2})(\\.?([A-Za-z0-9_]|%[0-9A-Fa-f]{2}))*" + "(:[1-9][0-9]{0,3}|\\*)?";

    /** RFC 3339, appendix A. */
    private static final String CLOCK = "T([0-9]+H([0-9]+M([0-9]+S)?)?|[0-9]+M([0-9]+S)?|[0-9]+S)";

    private static final String CALENDAR = "([0-9]+Y([0-9]+M([0-9]+D)?)?|[0-9]+M([0-9]+D)?|[0-9]+D)";

    private static final Map<String, String> PATTERNS = Map.of(
            "duration", "^P([0-9]+W|" + CALENDAR + "(" + CLOCK + ")?|" + CLOCK + ")$",
            "hostname", "^" + LABEL + "(\\." + LABEL + ")*$",
            "ipv4", "^" + OCTET + "(\\." + OCTET + "){3}$",
            "json-pointer", "^" + POINTER + "$",
            "relative-json-pointer", "^(0|[1-9][0-9]*)(#|" + POINTER + ")$",
            "uri-template",
                    "^([^\\x00-\\x20\\x7f\"'%<>\\\\^`{|}]|%[0-9A-Fa-f]{2}|\\{[+#./;?&=,!@|]?" + VARSPEC + "(," + VARSPEC
                            + ")*\\})*$",
            "uuid", "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$");

    private static final Map<String, Integer> PARSED = Map.ofEntries(
            Map.entry("ipv6", MAX_SHORT),
            Map.entry("date", MAX_SHORT),
            Map.entry("date-time", MAX_SHORT),
            Map.entry("time", MAX_SHORT),
            Map.entry("email", MAX_SHORT),
            Map.entry("idn-email", MAX_SHORT),
            Map.entry("idn-hostname", MAX_SHORT),
            Map.entry("iri", MAX_LENGTH),
            Map.entry("iri-reference", MAX_LENGTH),
            Map.entry("uri", MAX_LENGTH),
            Map.entry("uri-reference", MAX_LENGTH));

    private final String name;
    private final Predicate<String> accepts;

    private BoundedFormat(String name, Predicate<String> accepts) {
        this.name = name;
        this.accepts = accepts;
    }

    /** Every format of the two dialects. */
    static List<Format> all() {
        List<Format> formats = new ArrayList<>();
        PATTERNS.forEach((name, pattern) -> {
            LinearPattern compiled = LinearPattern.compile(pattern);
            int longest = name.equals("hostname") ? 253 : MAX_LENGTH;
            formats.add(new BoundedFormat(name, text -> text.length() <= longest && compiled.matches(text)));
        });
        formats.add(new BoundedFormat("regex", BoundedFormat::isPattern));
        for (Format format : Formats.DEFAULT) {
            Integer longest = PARSED.get(format.getName());
            if (longest != null) {
                formats.add(new Parsed(format, longest));
            }
        }
        return formats;
    }

    private static boolean isPattern(String text) {
        try {
            LinearPattern.compile(text);
            return true;
        } catch (IllegalArgumentException e) {
            return false; // the question was whether it is one
        }
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public String getMessageKey() {
        return "format." + name;
    }

    @Override
    public boolean matches(ExecutionContext context, String value) {
        return accepts.test(value);
    }

    /** One of the library's formats, on texts of a bounded length. */
    private record Parsed(Format format, int longest) implements Format {
        @Override
        public String getName() {
            return format.getName();
        }

        @Override
        public String getMessageKey() {
            return format.getMessageKey();
        }

        @Override
        public boolean matches(ExecutionContext context, String value) {
            return value.length() <= longest && format.matches(context, value);
        }
    }
}

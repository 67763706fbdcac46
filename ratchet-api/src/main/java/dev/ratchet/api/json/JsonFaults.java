package dev.ratchet.api.json;

import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;

/** Says what is wrong with a document in words for whoever wrote it, who does not know by which library it is read. */
final class JsonFaults {
    private static final String ACCEPTED = "; accepted: JSON as RFC 8259 has it";

    /** From here on it speaks of switches of the parser, or says in its way where something began. */
    private static final Pattern INSIDE =
            Pattern.compile("(: maybe a |: enable `|: JSON spec | \\(for \\w+ starting at ).*", Pattern.DOTALL);

    private static final Pattern LIBRARY = Pattern.compile("`\\w+Feature|\\[Source: ");

    private JsonFaults() {}

    /** The fault without what only the library's users understand. */
    static String plain(JacksonException fault) {
        String message = String.valueOf(fault.getOriginalMessage());
        if (message.startsWith("Unexpected end-of-input")) {
            return "ends before the document is complete" + ACCEPTED;
        }
        String shown = INSIDE.matcher(message).replaceFirst("");
        return (LIBRARY.matcher(shown).find() ? "cannot be understood from here on" : shown) + ACCEPTED;
    }
}

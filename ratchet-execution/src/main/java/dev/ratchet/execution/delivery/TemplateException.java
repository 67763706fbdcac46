package dev.ratchet.execution.delivery;

import java.util.TreeSet;

/** A template that cannot be read or filled; the message completes "the template ...". */
final class TemplateException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Instead of a message that would quote a part of a secret. */
    static final String OF_A_SECRET =
            "cannot be read, or names an unknown variable or one without a value (which is not"
                    + " shown, because this is a secret); accepted: "
                    + String.join(", ", new TreeSet<>(TemplateModel.NAMES));

    TemplateException(String message) {
        super(message, null, false, false);
    }

    String text() {
        return String.valueOf(getMessage());
    }
}

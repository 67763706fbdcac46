package dev.ratchet.execution.worker;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reduces a stack trace as the engine writes it to the task's own frames, one a line, as
 * {@code at function (file:line:column)}; lines and columns count from one.
 */
final class StackText {
    /** Marks a line that says what the frames after it belong to; see {@code entry.js}. */
    private static final char HEADING = '\0';

    private static final int MAX_FRAMES = 100;

    private static final Pattern FRAME =
            Pattern.compile("\\s*at (?:(?<function>.{1,300}?) \\()?/?(?<file>[^():]{1,1000}):(?<line>\\d{1,9})"
                    + ":(?<column>\\d{1,9})(?:-\\d{1,9})?\\)?");

    private StackText() {}

    static String ofTask(String stack, GraalScript script) {
        StringBuilder text = new StringBuilder();
        int frames = 0;
        for (String line : stack.split("\n", -1)) {
            if (line.length() > 1 && line.charAt(0) == HEADING) {
                append(text, line.replace("\0", ""));
                continue;
            }
            Matcher frame = FRAME.matcher(line);
            if (frames < MAX_FRAMES && frame.matches() && script.files().text(frame.group("file")) != null) {
                append(text, frame(frame, script));
                frames++;
            }
        }
        return text.toString();
    }

    private static String frame(Matcher frame, GraalScript script) {
        String file = frame.group("file");
        int line = Integer.parseInt(frame.group("line"));
        int column = script.column(file, line, Integer.parseInt(frame.group("column")));
        String place = file + ":" + line + ":" + column;
        String function = frame.group("function");
        return function == null ? "at " + place : "at " + function + " (" + place + ")";
    }

    private static void append(StringBuilder text, String line) {
        if (!text.isEmpty()) {
            text.append('\n');
        }
        text.append(line);
    }
}

package dev.ratchet.execution.delivery;

import dev.ratchet.execution.recording.Json;
import java.io.IOException;
import java.io.Writer;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * JSON as comma-separated values (RFC 4180, lines end with CR LF). An array of objects becomes a line per object under
 * a line of the field names, in the order they first appear; an array of arrays becomes a line per array without names;
 * an object is an array of one; anything else stands in a column called {@code value}. A value that is itself an object
 * or array is written as JSON, {@code null} and absent fields are empty.
 */
final class CsvText {
    private static final String LINE_END = "\r\n";

    private CsvText() {}

    static void write(JsonNode document, Writer out) throws IOException {
        if (!document.isArray()) {
            rows(List.of(document), out);
        } else if (!document.isEmpty() && all(document, JsonNode::isArray)) {
            for (JsonNode row : document) {
                line(row.values().iterator(), out);
            }
        } else {
            rows(document.values(), out);
        }
    }

    private static void rows(Iterable<JsonNode> rows, Writer out) throws IOException {
        Set<String> names = new LinkedHashSet<>();
        boolean objects = true;
        for (JsonNode row : rows) {
            objects &= row.isObject();
            names.addAll(row.propertyNames());
        }
        if (!objects || names.isEmpty()) {
            out.write("value" + LINE_END);
            for (JsonNode row : rows) {
                out.write(cell(row));
                out.write(LINE_END);
            }
            return;
        }
        String separator = "";
        for (String name : names) {
            out.write(separator);
            out.write(quoted(name));
            separator = ",";
        }
        out.write(LINE_END);
        for (JsonNode row : rows) {
            line(names.stream().map(row::path).iterator(), out);
        }
    }

    private static void line(Iterator<JsonNode> cells, Writer out) throws IOException {
        while (cells.hasNext()) {
            out.write(cell(cells.next()));
            if (cells.hasNext()) {
                out.write(',');
            }
        }
        out.write(LINE_END);
    }

    private static String cell(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return "";
        }
        return quoted(value.isString() ? value.stringValue() : Json.write(value));
    }

    private static String quoted(String text) {
        boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    private static boolean all(JsonNode array, java.util.function.Predicate<JsonNode> test) {
        return StreamSupport.stream(array.spliterator(), false).allMatch(test);
    }
}

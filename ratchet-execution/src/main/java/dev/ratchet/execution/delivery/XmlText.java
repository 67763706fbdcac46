package dev.ratchet.execution.delivery;

import java.io.IOException;
import java.io.Writer;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * JSON as XML 1.0 (fifth edition). A field becomes an element of its name, or {@code <entry name="...">} where the name
 * cannot be one; an element of an array becomes {@code <item>}; {@code null} becomes an empty element with
 * {@code null="true"}. Characters XML cannot hold become U+FFFD.
 */
final class XmlText {
    private static final String ROOT = "output";

    private XmlText() {}

    static void write(JsonNode document, Writer out) throws IOException {
        out.write("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        element(ROOT, "", document, out);
        out.write('\n');
    }

    /** Text as it may stand in content and in quoted attributes. */
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&apos;");
                // A parser would turn it into a line feed.
                case '\r' -> escaped.append("&#13;");
                default -> escaped.appendCodePoint(isCharacter(c) ? c : 0xfffd);
            }
        });
        return escaped.toString();
    }

    private static void element(String name, String attributes, JsonNode value, Writer out) throws IOException {
        out.write("<" + name + attributes);
        if (value.isNull()) {
            out.write(" null=\"true\"/>");
            return;
        }
        out.write('>');
        if (value.isObject()) {
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                if (isName(field.getKey())) {
                    element(field.getKey(), "", field.getValue(), out);
                } else {
                    element("entry", " name=\"" + attribute(field.getKey()) + "\"", field.getValue(), out);
                }
            }
        } else if (value.isArray()) {
            for (JsonNode item : value) {
                element("item", "", item, out);
            }
        } else {
            out.write(escaped(value.asString()));
        }
        out.write("</" + name + ">");
    }

    /** Attributes lose line ends and tabs unless they are written as references. */
    private static String attribute(String text) {
        return escaped(text).replace("\n", "&#10;").replace("\t", "&#9;");
    }

    /** Production 2, {@code Char}. */
    private static boolean isCharacter(int c) {
        return c == '\t'
                || c == '\n'
                || c == '\r'
                || (c >= 0x20 && c <= 0xd7ff)
                || (c >= 0xe000 && c <= 0xfffd)
                || c >= 0x10000;
    }

    /** Production 5, {@code Name}, without the colon, which belongs to namespaces, and without reserved names. */
    private static boolean isName(String text) {
        return !text.isEmpty()
                && !text.regionMatches(true, 0, "xml", 0, 3)
                && isNameStart(text.codePointAt(0))
                && text.codePoints().allMatch(XmlText::isNamePart);
    }

    private static boolean isNameStart(int c) {
        return c == '_'
                || (c >= 'A' && c <= 'Z')
                || (c >= 'a' && c <= 'z')
                || (c >= 0xc0 && c <= 0x2ff && c != 0xd7 && c != 0xf7)
                || (c >= 0x370 && c <= 0x1fff && c != 0x37e)
                || (c >= 0x200c && c <= 0x200d)
                || (c >= 0x2070 && c <= 0x218f)
                || (c >= 0x2c00 && c <= 0x2fef)
                || (c >= 0x3001 && c <= 0xd7ff)
                || (c >= 0xf900 && c <= 0xfdcf)
                || (c >= 0xfdf0 && c <= 0xfffd)
                || (c >= 0x10000 && c <= 0xeffff);
    }

    private static boolean isNamePart(int c) {
        return isNameStart(c)
                || c == '-'
                || c == '.'
                || (c >= '0' && c <= '9')
                || c == 0xb7
                || (c >= 0x300 && c <= 0x36f)
                || (c >= 0x203f && c <= 0x2040);
    }
}

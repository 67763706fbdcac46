package dev.ratchet.cli.config;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A configuration for people: every key with its value in force, secrets masked, and where each value came from. */
public final class ConfigView {
    private static final String MASK = "********";
    private static final Pattern URL = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://)([^/?#]*@)?([^/?#]*)(.*)");
    private static final Pattern PART = Pattern.compile("([^\\[]*)(?:\\[(\\d+)])?");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./-]*");

    /** Plain words that YAML, or an older reader of it, takes for something else than a text. */
    private static final Set<String> WORDS = Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

    private final ObjectNode tree = JsonNodeFactory.instance.objectNode();
    private final Map<String, String> origins = new LinkedHashMap<>();

    ConfigView(Values values) {
        for (Key<?> key : Keys.ALL) {
            add(values, key);
        }
    }

    private <T> void add(Values values, Key<T> key) {
        for (String place : values.places(key)) {
            Origin origin = values.originAt(place);
            set(place, shown(values, key, values.at(key, place)), String.valueOf(origin));
        }
        if (key.single() && values.places(key).isEmpty()) {
            T initial = key.initial();
            String origin = "default"
                    + (key.initially().isEmpty() ? "" : ": " + key.initially().replace("`", ""));
            set(
                    key.path(),
                    initial == null ? JsonNodeFactory.instance.nullNode() : shown(values, key, initial),
                    origin);
        } else if (key.equals(Keys.TARGET_TYPE) && values.places(key).isEmpty()) {
            set("logging.targets[0].type", JsonNodeFactory.instance.stringNode("console"), "default");
        } else if (key.equals(Keys.DESTINATION_NAME) && values.places(key).isEmpty()) {
            set("output.global_destinations", JsonNodeFactory.instance.arrayNode(), "default");
        }
    }

    private static <T> JsonNode shown(Values values, Key<T> key, T value) {
        JsonNode node = key.type().show(value);
        return switch (key.secrecy()) {
            case OPEN -> node.isString() ? text(inDataDir(values, node.asString())) : node;
            case URL -> text(masked(node.asString()));
            case DATABASE_URL ->
                text(DatabaseUrl.parse(inDataDir(values, node.asString())).toString());
            case SECRET -> text(MASK);
        };
    }

    private static JsonNode text(String value) {
        return JsonNodeFactory.instance.stringNode(value);
    }

    /** Scheme and host; what else a URL has may let somebody in. */
    private static String masked(String url) {
        Matcher matcher = URL.matcher(url);
        if (!matcher.matches()) {
            return MASK;
        }
        String rest = matcher.group(4);
        return matcher.group(1)
                + (matcher.group(2) == null ? "" : MASK + "@")
                + matcher.group(3)
                + (rest.length() <= 1 ? rest : "/" + MASK);
    }

    /** {@code text} with the folder of the data in its place. */
    static String inDataDir(Values values, String text) {
        return text.replace(Keys.DATA_DIR_PLACEHOLDER, values.get(Keys.DATA_DIR));
    }

    private void set(String place, JsonNode value, String origin) {
        ObjectNode at = tree;
        String[] parts = place.split("\\.");
        for (int i = 0; i < parts.length; i++) {
            Matcher part = PART.matcher(parts[i]);
            if (!part.matches()) {
                throw new IllegalArgumentException(place);
            }
            String name = part.group(1);
            boolean last = i == parts.length - 1;
            if (last) {
                at.putIfAbsent(name, value);
            } else if (part.group(2) == null) {
                at = at.withObjectProperty(name);
            } else {
                ArrayNode list = at.withArrayProperty(name);
                int index = Integer.parseInt(part.group(2));
                while (list.size() <= index) {
                    list.addObject();
                }
                at = (ObjectNode) list.get(index);
            }
        }
        origins.putIfAbsent("/" + place.replaceAll("[.\\[]", "/").replace("]", ""), origin);
    }

    /**
     * As YAML with the origin of each value as a comment; it can be loaded again, but for what is masked.
     *
     * @param mcpOnly whether to show the block {@code mcp} only
     */
    public String yaml(boolean mcpOnly) {
        StringBuilder out = new StringBuilder();
        for (Map.Entry<String, JsonNode> block : tree.properties()) {
            if (!mcpOnly || block.getKey().equals("mcp")) {
                entry(out, "", "", block.getKey(), block.getValue(), "");
            }
        }
        return out.toString();
    }

    /**
     * As JSON.
     *
     * @param mcpOnly whether to show the block {@code mcp} only
     * @param withOrigins whether to show {@code {"config": …, "origins": {POINTER: origin}}} in place of the former alone
     */
    public String json(boolean mcpOnly, boolean withOrigins) {
        JsonNode shown = mcpOnly ? tree.deepCopy().retain("mcp") : tree;
        if (withOrigins) {
            ObjectNode both = JsonNodeFactory.instance.objectNode();
            both.set("config", shown);
            ObjectNode places = both.putObject("origins");
            origins.forEach((pointer, origin) -> {
                if (!mcpOnly || pointer.startsWith("/mcp/")) {
                    places.put(pointer, origin);
                }
            });
            shown = both;
        }
        return new JsonMapper().writerWithDefaultPrettyPrinter().writeValueAsString(shown) + "\n";
    }

    /** One key and what is below it; {@code first} stands before the key, later lines are indented by {@code indent}. */
    private void entry(StringBuilder out, String first, String pointer, String name, JsonNode value, String indent) {
        String at = pointer + "/" + name;
        out.append(first).append(quoted(name)).append(':');
        if (value.isObject() && !value.isEmpty()) {
            out.append('\n');
            fields(out, at, value, indent + "  ", indent + "  ");
        } else if (value.isArray() && value.valueStream().anyMatch(JsonNode::isObject)) {
            out.append('\n');
            for (int i = 0; i < value.size(); i++) {
                fields(out, at + "/" + i, value.get(i), indent + "  - ", indent + "    ");
            }
        } else {
            String origin = origins.get(at);
            out.append(' ').append(flow(value));
            if (origin != null) {
                out.append("  # ").append(harmless(origin));
            }
            out.append('\n');
        }
    }

    private void fields(StringBuilder out, String pointer, JsonNode object, String first, String indent) {
        String before = first;
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            entry(out, before, pointer, field.getKey(), field.getValue(), indent);
            before = indent;
        }
    }

    private static String flow(JsonNode value) {
        if (value.isArray()) {
            StringBuilder list = new StringBuilder("[");
            value.forEach(item -> list.append(list.length() == 1 ? "" : ", ").append(flow(item)));
            return list.append(']').toString();
        }
        return value.isString() ? quoted(value.asString()) : harmless(value.toString());
    }

    private static String quoted(String text) {
        return PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(Locale.ROOT))
                ? text
                : harmless(JsonNodeFactory.instance.stringNode(text).toString());
    }

    /** Escapes what a terminal could obey; the escapes are those of JSON and of YAML. */
    private static String harmless(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                safe.append(String.format(c > 0xffff ? "\\U%08x" : "\\u%04x", c));
            } else {
                safe.appendCodePoint(c);
            }
        });
        return safe.toString();
    }

    /** The value at a JSON pointer; null for none. For tests of what is shown. */
    @Nullable
    JsonNode at(String pointer) {
        JsonNode node = tree.at(pointer);
        return node.isMissingNode() ? null : node;
    }
}

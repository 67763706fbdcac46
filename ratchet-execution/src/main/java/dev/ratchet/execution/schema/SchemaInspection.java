package dev.ratchet.execution.schema;

import dev.ratchet.core.common.Problem;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Looks at a schema document before the library does: every reference must end inside the document, every pattern must
 * run in linear time, and all parts must be in one dialect. Walks the places where the dialects have subschemas, and
 * whatever else a reference points at.
 */
final class SchemaInspection {
    private static final List<String> SINGLE = List.of(
            "additionalItems",
            "additionalProperties",
            "contains",
            "contentSchema",
            "else",
            "if",
            "items",
            "not",
            "propertyNames",
            "then",
            "unevaluatedItems",
            "unevaluatedProperties");
    private static final List<String> LISTS = List.of("allOf", "anyOf", "items", "oneOf", "prefixItems");
    private static final List<String> MAPS =
            List.of("$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties");
    private static final List<String> REFERENCES = List.of("$dynamicRef", "$ref");
    private static final List<String> ANCHORS = List.of("$anchor", "$dynamicAnchor");

    /** Base of a document without {@code $id}; the name resolves to nothing anywhere. */
    private static final URI ANONYMOUS = URI.create("schema:/");

    private record Part(JsonNode node, String pointer, URI base) {}

    private record Reference(String text, URI target, String pointer, URI base) {}

    private final String source;
    private final String dialect;
    private final List<Problem> problems;
    private final Map<URI, JsonNode> resources = new HashMap<>();
    private final Set<URI> anchors = new HashSet<>();
    private final Deque<Part> parts = new ArrayDeque<>();
    private final Deque<Reference> references = new ArrayDeque<>();
    private final Set<JsonNode> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private SchemaInspection(String source, String dialect, List<Problem> problems) {
        this.source = source;
        this.dialect = dialect;
        this.problems = problems;
    }

    /** Adds everything wrong with {@code document} to {@code problems}. */
    static void inspect(String source, JsonNode document, String dialect, List<Problem> problems) {
        SchemaInspection inspection = new SchemaInspection(source, dialect, problems);
        inspection.resources.put(ANONYMOUS, document);
        inspection.parts.add(new Part(document, "", ANONYMOUS));
        inspection.run();
    }

    private void run() {
        do {
            while (!parts.isEmpty()) {
                visit(parts.poll());
            }
            // Only now are all names known. A target in an unusual place brings new parts.
            Reference reference = references.poll();
            if (reference != null) {
                follow(reference);
            }
        } while (!parts.isEmpty() || !references.isEmpty());
    }

    private void visit(Part part) {
        JsonNode node = part.node();
        if (!node.isObject() || !seen.add(node)) {
            return;
        }
        URI base = part.base();
        JsonNode id = node.path("$id");
        if (id.isString()) {
            URI named = resolve(base, id.asString(), part.pointer() + "/$id");
            if (named != null) {
                if (id.asString().startsWith("#")) {
                    anchors.add(named); // how draft-07 names a place
                } else {
                    base = withoutFragment(named);
                    resources.putIfAbsent(base, node);
                }
            }
        }
        for (String keyword : ANCHORS) {
            if (node.path(keyword).isString()) {
                URI named = resolve(base, "#" + node.path(keyword).asString(), part.pointer() + "/" + keyword);
                if (named != null) {
                    anchors.add(named);
                }
            }
        }
        JsonNode own = node.path("$schema");
        if (!part.pointer().isEmpty() && own.isString() && !own.asString().equals(dialect)) {
            add(part.pointer() + "/$schema", "one document is in one dialect; accepted here: " + dialect);
        }
        for (String keyword : REFERENCES) {
            JsonNode reference = node.path(keyword);
            if (reference.isString()) {
                String pointer = part.pointer() + "/" + keyword;
                URI target = resolve(base, reference.asString(), pointer);
                if (target != null) {
                    references.add(new Reference(reference.asString(), target, pointer, base));
                }
            }
        }
        JsonNode pattern = node.path("pattern");
        if (pattern.isString()) {
            checkPattern(pattern.asString(), part.pointer() + "/pattern");
        }
        JsonNode patterns = node.path("patternProperties");
        if (patterns.isObject()) {
            patterns.propertyNames()
                    .forEach(name -> checkPattern(name, part.pointer() + "/patternProperties/" + escape(name)));
        }
        children(part, base);
    }

    private void children(Part part, URI base) {
        JsonNode node = part.node();
        for (String keyword : SINGLE) {
            if (node.path(keyword).isObject()) {
                parts.add(new Part(node.path(keyword), part.pointer() + "/" + keyword, base));
            }
        }
        for (String keyword : LISTS) {
            JsonNode list = node.path(keyword);
            for (int i = 0; list.isArray() && i < list.size(); i++) {
                parts.add(new Part(list.get(i), part.pointer() + "/" + keyword + "/" + i, base));
            }
        }
        for (String keyword : MAPS) {
            JsonNode map = node.path(keyword);
            if (map.isObject()) {
                map.properties()
                        .forEach(entry -> parts.add(new Part(
                                entry.getValue(),
                                part.pointer() + "/" + keyword + "/" + escape(entry.getKey()),
                                base)));
            }
        }
    }

    private void follow(Reference reference) {
        URI target = reference.target();
        JsonNode resource = resources.get(withoutFragment(target));
        if (resource == null) {
            add(
                    reference.pointer(),
                    "'" + reference.text() + "' leads out of this document; nothing is loaded from elsewhere, so"
                            + " accepted are '#', '#/json/pointer', '#anchor' and the $id of a part of this document");
            return;
        }
        String fragment = target.getFragment() == null ? "" : target.getFragment();
        if (fragment.isEmpty() || anchors.contains(target)) {
            return;
        }
        JsonNode found = fragment.startsWith("/") ? at(resource, fragment) : null;
        if (found == null) {
            add(reference.pointer(), "'" + reference.text() + "' points at nothing in this document");
            return;
        }
        parts.add(new Part(found, fragment, withoutFragment(target)));
    }

    private static @Nullable JsonNode at(JsonNode resource, String pointer) {
        try {
            JsonNode found = resource.at(pointer);
            return found.isMissingNode() ? null : found;
        } catch (IllegalArgumentException e) {
            return null; // not a JSON pointer, so it points at nothing
        }
    }

    private void checkPattern(String pattern, String pointer) {
        try {
            LinearPattern.compile(pattern);
        } catch (IllegalArgumentException e) {
            add(pointer, "pattern " + shown(pattern) + " " + e.getMessage());
        }
    }

    private @Nullable URI resolve(URI base, String text, String pointer) {
        try {
            URI parsed = new URI(text);
            // java.net.URI resolves an empty path against the parent folder, unlike RFC 3986.
            if (parsed.getScheme() == null
                    && parsed.getRawAuthority() == null
                    && parsed.getRawPath().isEmpty()) {
                return new URI(
                        base.getScheme(), base.getAuthority(), base.getPath(), base.getQuery(), parsed.getFragment());
            }
            return base.resolve(parsed);
        } catch (URISyntaxException e) {
            add(pointer, shown(text) + " is not a URI reference: " + e.getReason());
            return null;
        }
    }

    private static URI withoutFragment(URI uri) {
        String text = uri.toString();
        int hash = text.indexOf('#');
        return hash < 0 ? uri : URI.create(text.substring(0, hash));
    }

    private static String shown(String text) {
        return "'" + (text.length() > 80 ? text.substring(0, 80) + "…" : text) + "'";
    }

    private void add(String pointer, String message) {
        problems.add(new Problem(source, pointer, message));
    }

    static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}

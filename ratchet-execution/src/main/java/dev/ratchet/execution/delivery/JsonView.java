package dev.ratchet.execution.delivery;

import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A JSON value as the template engine likes it: maps and lists, strings, numbers and booleans; {@code null} is the
 * empty string. Elements are counted as they are visited.
 */
final class JsonView {
    private JsonView() {}

    /** The node behind an object or array, by which it can be written as JSON. */
    interface Structure {
        JsonNode node();
    }

    static Object of(JsonNode node, RenderBudget budget) {
        return switch (node.getNodeType()) {
            case OBJECT -> new ObjectView(node, budget);
            case ARRAY -> new ArrayView(node, budget);
            case NUMBER -> node.numberValue();
            case BOOLEAN -> node.booleanValue();
            case STRING -> node.stringValue();
            case NULL -> "";
            case BINARY, MISSING, POJO ->
                throw new IllegalArgumentException("not part of a parsed document: " + node.getNodeType());
        };
    }

    private static final class ObjectView extends AbstractMap<String, Object> implements Structure {
        private final JsonNode node;
        private final RenderBudget budget;

        ObjectView(JsonNode node, RenderBudget budget) {
            this.node = node;
            this.budget = budget;
        }

        @Override
        public JsonNode node() {
            return node;
        }

        @Override
        public @Nullable Object get(Object key) {
            budget.step();
            JsonNode value = node.get((String) key);
            return value == null ? null : of(value, budget);
        }

        @Override
        public boolean containsKey(Object key) {
            return node.has((String) key);
        }

        @Override
        public Set<Entry<String, Object>> entrySet() {
            return new AbstractSet<>() {
                @Override
                public Iterator<Entry<String, Object>> iterator() {
                    Iterator<Entry<String, JsonNode>> entries =
                            node.properties().iterator();
                    return new Iterator<>() {
                        @Override
                        public boolean hasNext() {
                            return entries.hasNext();
                        }

                        @Override
                        public Entry<String, Object> next() {
                            budget.step();
                            Entry<String, JsonNode> entry = entries.next();
                            return Map.entry(entry.getKey(), of(entry.getValue(), budget));
                        }
                    };
                }

                @Override
                public int size() {
                    return node.size();
                }
            };
        }
    }

    private static final class ArrayView extends AbstractList<Object> implements Structure {
        private final JsonNode node;
        private final RenderBudget budget;

        ArrayView(JsonNode node, RenderBudget budget) {
            this.node = node;
            this.budget = budget;
        }

        @Override
        public JsonNode node() {
            return node;
        }

        @Override
        public Object get(int index) {
            budget.step();
            if (index < 0 || index >= node.size()) {
                throw new IndexOutOfBoundsException(index);
            }
            return of(node.get(index), budget);
        }

        @Override
        public int size() {
            return node.size();
        }
    }
}

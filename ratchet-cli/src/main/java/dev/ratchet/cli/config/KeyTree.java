package dev.ratchet.cli.config;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The keys by place: what may stand below a mapping or a list. */
final class KeyTree {
    private final Map<String, KeyTree> children = new LinkedHashMap<>();
    private @Nullable KeyTree items;
    private @Nullable KeyTree anyName;
    private @Nullable Key<?> key;

    private KeyTree() {}

    static KeyTree of(List<Key<?>> keys) {
        KeyTree root = new KeyTree();
        for (Key<?> key : keys) {
            root.add(key.path(), key);
            key.aliases().forEach(alias -> root.add(alias, key));
        }
        return root;
    }

    private void add(String path, Key<?> leaf) {
        KeyTree at = this;
        for (String part : path.split("\\.")) {
            String name = part.replace("[]", "");
            if (name.equals("*")) {
                at.anyName = at.anyName == null ? new KeyTree() : at.anyName;
                at = at.anyName;
            } else {
                at = at.children.computeIfAbsent(name, _ -> new KeyTree());
            }
            if (part.endsWith("[]")) {
                at.items = at.items == null ? new KeyTree() : at.items;
                at = at.items;
            }
        }
        at.key = leaf;
    }

    /** The key whose value stands here; null where others stand below. */
    @Nullable
    Key<?> key() {
        return key;
    }

    /** What each item of the list that stands here consists of; null where no list does. */
    @Nullable
    KeyTree items() {
        return items;
    }

    /** What stands at {@code name} below here; null for an unknown name. */
    @Nullable
    KeyTree below(String name) {
        KeyTree child = children.get(name);
        return child == null ? anyName : child;
    }

    Collection<String> names() {
        Set<String> names = new TreeSet<>(children.keySet());
        if (anyName != null) {
            names.add("(any name)");
        }
        return names;
    }
}

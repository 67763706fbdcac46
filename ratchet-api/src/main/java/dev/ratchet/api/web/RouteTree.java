package dev.ratchet.api.web;

import dev.ratchet.core.common.KnownNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds the routes of an address: one step for each segment, whatever the number of routes. */
final class RouteTree {
    /** The routes of one address, by method, with the values of the variables in its path. */
    record Match(SortedMap<String, Route> byMethod, List<String> values) {
        /** The variables of a route by name. */
        Map<String, String> variables(Route route) {
            Map<String, String> variables = new LinkedHashMap<>();
            int next = 0;
            for (String segment : route.path().substring(1).split("/", -1)) {
                if (isVariable(segment)) {
                    variables.put(segment.substring(1, segment.length() - 1), values.get(next++));
                }
            }
            return variables;
        }
    }

    private static final class Node {
        private final SequencedMap<String, Node> words = new LinkedHashMap<>();
        private @Nullable Node variable;
        private final SortedMap<String, Route> routes = new TreeMap<>();
    }

    private final Node root = new Node();

    RouteTree(List<Route> routes) {
        for (Route route : routes) {
            Node at = root;
            for (String segment : route.path().substring(1).split("/", -1)) {
                if (isVariable(segment)) {
                    at.variable = at.variable == null ? new Node() : at.variable;
                    at = at.variable;
                } else {
                    at = at.words.computeIfAbsent(segment, _ -> new Node());
                }
            }
            if (at.routes.put(route.method(), route) != null) {
                throw new IllegalStateException("two routes for " + route.method() + " " + route.path());
            }
        }
    }

    private static boolean isVariable(String segment) {
        return segment.startsWith("{");
    }

    /** @param segments decoded, so that a value may hold a slash */
    Optional<Match> find(List<String> segments) {
        Node at = root;
        List<String> values = new ArrayList<>();
        for (String segment : segments) {
            Node word = at.words.get(segment);
            if (word != null) {
                at = word;
            } else if (at.variable != null && !segment.isEmpty()) {
                values.add(segment);
                at = at.variable;
            } else {
                return Optional.empty();
            }
        }
        return at.routes.isEmpty() ? Optional.empty() : Optional.of(new Match(at.routes, values));
    }

    /** What may have been meant by an address that is none. */
    Optional<String> nearest(List<String> segments) {
        Node at = root;
        StringBuilder path = new StringBuilder();
        for (String segment : segments) {
            Node word = at.words.get(segment);
            Node next = word != null ? word : at.variable;
            if (next == null) {
                return KnownNames.nearest(segment, at.words.keySet()).map(name -> path + "/" + name);
            }
            path.append('/').append(word == null ? "{id}" : segment);
            at = next;
        }
        return Optional.empty();
    }
}

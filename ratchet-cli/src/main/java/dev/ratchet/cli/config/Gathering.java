package dev.ratchet.cli.config;

import dev.ratchet.cli.config.Key.Use;
import dev.ratchet.core.common.KnownNames;
import dev.ratchet.core.common.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Collects values from all sources, together with everything that is wrong with them. */
final class Gathering {
    private static final KeyTree TREE = KeyTree.of(Keys.ALL);
    private static final String OF_FILE = "_FILE";

    /** What Kubernetes sets in every container for a service that happens to be called ratchet. */
    private static final Pattern SERVICE_LINK = Pattern.compile(
            ".*_SERVICE_(HOST|PORT)(_.*)?|.*_PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?|RATCHET_PORT");

    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

    /** Variables of the start script. */
    private static final Set<String> OF_THE_LAUNCHER = Set.of("RATCHET_SERVER_HEAP", "RATCHET_HOME");

    /** First words of variables that are meant as configuration. */
    private static final Set<String> BLOCKS = Set.of(
            "EXECUTION",
            "HTTP",
            "CACHE",
            "LOGGING",
            "LOG",
            "OUTPUT",
            "SERVER",
            "DATABASE",
            "REGISTRY",
            "MCP",
            "QUEUE",
            "RETENTION",
            "SECRETS");

    private final References references;
    private final Values values = new Values();
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private final Set<String> withoutMeaning = new TreeSet<>();
    private final Set<String> later = new TreeSet<>();

    Gathering(References references) {
        this.references = references;
    }

    Values values() {
        return values;
    }

    List<Problem> problems() {
        return problems;
    }

    List<String> warnings() {
        List<String> all = new ArrayList<>(warnings);
        if (!withoutMeaning.isEmpty()) {
            all.add("accepted for compatibility, without a meaning here: " + String.join(", ", withoutMeaning));
        }
        if (!later.isEmpty()) {
            all.add("read and checked, without effect in this version: " + String.join(", ", later));
        }
        return all;
    }

    // Files

    void document(Document document) {
        mapping(document, document.root(), "", "", TREE);
    }

    private void node(Document document, JsonNode node, String pointer, String place, KeyTree tree) {
        if (node.isNull()) {
            return;
        }
        Key<?> key = tree.key();
        KeyTree items = tree.items();
        Origin origin = origin(document, pointer);
        if (key != null) {
            String asDeclared = place(key, place);
            if (values.originAt(asDeclared) instanceof Origin.InFile earlier) {
                problems.add(origin.problem("says again what " + earlier.pointer() + " says; accepted: one of them"));
                return;
            }
            take(key, asDeclared, node.isString() ? node.asString() : null, node, origin);
        } else if (items != null) {
            if (!node.isArray()) {
                problems.add(origin.problem("must be a list"));
                return;
            }
            values.length(place, node.size());
            values.put(place, node.size(), origin);
            for (int i = 0; i < node.size(); i++) {
                mapping(document, node.get(i), pointer + "/" + i, place + "[" + i + "]", items);
            }
        } else {
            mapping(document, node, pointer, place, tree);
        }
    }

    private void mapping(Document document, JsonNode node, String pointer, String place, KeyTree tree) {
        if (!node.isObject()) {
            problems.add(origin(document, pointer).problem("must be a mapping of keys to values"));
            return;
        }
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String name = entry.getKey();
            String below = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
            KeyTree child = tree.below(name);
            if (child == null) {
                problems.add(origin(document, below).problem(unknown(name, tree)));
            } else {
                node(document, entry.getValue(), below, place.isEmpty() ? name : place + "." + name, child);
            }
        }
    }

    private static String unknown(String name, KeyTree tree) {
        String message = KnownNames.unknown("key", name, tree.names());
        if (KnownNames.nearest(name, tree.names()).isEmpty()) {
            return Keys.ALL.stream()
                    .map(Key::path)
                    .filter(path -> path.endsWith("." + name))
                    .findFirst()
                    .map(path -> message + "; there is a key " + path)
                    .orElse(message);
        }
        return message;
    }

    /** The place of a value by the key's path, whichever alias it stood at. */
    private static String place(Key<?> key, String place) {
        for (String alias : key.aliases()) {
            Pattern form = Pattern.compile(Pattern.quote(alias).replace("[]", "\\E\\[(\\d+)]\\Q"));
            var matcher = form.matcher(place);
            if (matcher.matches()) {
                return matcher.groupCount() == 0 ? key.path() : key.path().replace("[]", "[" + matcher.group(1) + "]");
            }
        }
        return place;
    }

    private static Origin origin(Document document, String pointer) {
        return new Origin.InFile(document.source(), pointer, document.lines().getOrDefault(pointer, 0));
    }

    // Variables

    void environment() {
        Map<String, String> variables = new TreeMap<>();
        references.environment().forEach((name, value) -> {
            // An empty variable is one that somebody did not want to set.
            if (name.startsWith(Key.PREFIX) && !name.startsWith(NamedSecrets.PREFIX) && !value.isEmpty()) {
                variables.put(name, value);
            }
        });
        Set<String> known = new HashSet<>();
        for (Key<?> key : Keys.ALL) {
            List<String> names = key.variables();
            Set<String> possible = new TreeSet<>(names);
            if (key.referable()) {
                names.forEach(name -> possible.add(name + OF_FILE));
            }
            known.addAll(possible);
            List<String> set = possible.stream().filter(variables::containsKey).toList();
            if (set.stream().map(variables::get).distinct().count() > 1) {
                problems.add(Problem.of(
                        set.getLast(), "sets the same key as " + set.getFirst() + "; accepted: only one of them"));
            } else if (!set.isEmpty()) {
                variable(key, set.getFirst(), variables.getOrDefault(set.getFirst(), ""));
            }
        }
        for (String name : variables.keySet()) {
            if (!known.contains(name) && !OF_THE_LAUNCHER.contains(name)) {
                stray(name, known);
            }
        }
    }

    private void variable(Key<?> key, String name, String value) {
        Origin origin = new Origin.Variable(name);
        if (key.type() instanceof Type.Whole && SERVICE_ADDRESS.matcher(value).matches()) {
            warnings.add("the variable " + name + " looks as if Kubernetes had set it for a service, and is not used");
        } else if (key.referable() && name.endsWith(OF_FILE)) {
            take(key, key.path(), "file:" + value, null, origin);
        } else {
            take(key, key.path(), value, null, origin);
        }
    }

    /** Not an error: other programs may have variables of this prefix. */
    private void stray(String name, Set<String> known) {
        if (SERVICE_LINK.matcher(name).matches()) {
            return;
        }
        String bare = name.substring(Key.PREFIX.length());
        Optional<String> nearest = KnownNames.nearest(
                bare,
                known.stream().map(one -> one.substring(Key.PREFIX.length())).toList());
        String block = bare.replaceFirst("_.*", "").toUpperCase(Locale.ROOT);
        if (nearest.isPresent()) {
            warnings.add("unknown variable " + name + "; did you mean " + Key.PREFIX + nearest.get() + "?");
        } else if (BLOCKS.contains(block)) {
            warnings.add("unknown variable " + name + " is not used");
        }
    }

    // Options

    void options(List<ConfigSources.OptionValue> options) {
        for (ConfigSources.OptionValue option : options) {
            Key<?> key = Keys.ALL.stream()
                    .filter(one -> one.path().equals(option.key()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there is no key " + option.key()));
            take(key, key.path(), option.value(), null, new Origin.Option(option.option()));
        }
    }

    // Values

    /** @param text the value where it is a text, else null; then {@code node} is not */
    private <T> void take(Key<T> key, String place, @Nullable String text, @Nullable JsonNode node, Origin origin) {
        switch (key.use()) {
            case EFFECTIVE -> {
                // Nothing to be said.
            }
            case LATER -> later.add(place);
            case WITHOUT_MEANING -> withoutMeaning.add(place);
        }
        if (key.referable() && key.use() != Use.WITHOUT_MEANING && text != null) {
            switch (references.follow(text)) {
                case Reading.Good<References.Found>(References.Found found) ->
                    put(
                            place,
                            key.type().read(found.value()),
                            found.target().isEmpty() ? origin : new Origin.Followed(origin, found.target()));
                case Reading.Bad<References.Found>(String message) -> problems.add(origin.problem(message));
            }
        } else if (node != null && node.isValueNode() && key.secrecy() != Key.Secrecy.OPEN && !node.isString()) {
            // The usual message would show it.
            problems.add(origin.problem("must be " + key.type().accepted() + ", in quotes"));
        } else if (node != null) {
            put(place, key.type().read(node), origin);
        } else if (text != null) {
            put(place, key.type().read(text), origin);
        }
    }

    private <T> void put(String place, Reading<T> reading, Origin origin) {
        switch (reading) {
            case Reading.Good<T>(T value) -> values.put(place, value, origin);
            case Reading.Bad<T>(String message) -> problems.add(origin.problem(message));
        }
    }
}

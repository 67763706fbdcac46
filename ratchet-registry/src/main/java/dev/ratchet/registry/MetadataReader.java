package dev.ratchet.registry;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.KnownNames;
import dev.ratchet.core.secret.Secrets;
import dev.ratchet.core.task.Compat;
import dev.ratchet.core.task.NetPermissions;
import dev.ratchet.core.task.NetPermissions.HostRule;
import dev.ratchet.core.task.ResultCachePolicy;
import dev.ratchet.core.task.RetryPolicy;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskMetadata;
import dev.ratchet.registry.Metadata.InlineSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the metadata of one package and reports everything wrong with it. Unknown keys at the top are kept, because other
 * programs may own them; inside {@code limits}, {@code permissions}, {@code retry} and {@code cache} they are refused,
 * because a misspelt limit would silently be none.
 */
final class MetadataReader {
    private static final int MAX_NAME_LENGTH = 128;
    private static final int MAX_TEXT_LENGTH = 10_000;
    private static final int MAX_LIST = 100;
    private static final int MAX_RETRIES = 100;
    private static final Duration MAX_RETRY_DELAY = Duration.ofDays(7);

    /** The pattern semver.org gives for version 2.0.0. */
    static final Pattern VERSION = Pattern.compile("(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)"
            + "(?:-((?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\\.(?:0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
            + "(?:\\+([0-9a-zA-Z-]+(?:\\.[0-9a-zA-Z-]+)*))?");

    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern HOST =
            Pattern.compile("\\*|\\[[0-9a-f:.]{2,45}]|(?:\\*\\.)?[a-z0-9_](?:[a-z0-9_-]{0,61}"
                    + "[a-z0-9_])?(?:\\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*");
    private static final Pattern METHOD = Pattern.compile("[A-Z][A-Z-]{0,19}");

    /** Keys at the top that mean something. */
    static final List<String> KNOWN = List.of(
            "author",
            "cache",
            "compat",
            "description",
            "entrypoint",
            "httpCache",
            "inputSchema",
            "input_schema",
            "inputs",
            "label",
            "license",
            "limits",
            "name",
            "outputSchema",
            "output_schema",
            "outputs",
            "permissions",
            "retry",
            "secrets",
            "tags",
            "test_cases",
            "uuid",
            "version");

    /** Keys of the original's packages that look as if they did something. */
    private static final Map<String, String> INSTEAD = Map.of(
            "cpu_limit", "limits.cpuTime",
            "memory_limit", "limits.memory",
            "timeout", "limits.wallTime");

    static final List<String> DURATION_LIMITS = List.of("cpuTime", "wallTime");
    private static final List<String> LIMITS =
            List.of("cpuTime", "fetchBytes", "fetches", "logBytes", "memory", "outputBytes", "wallTime");

    private final String source;
    private final JsonNode document;
    private final Documents documents;
    private final Problems problems;
    private final TaskLimits defaults;

    private MetadataReader(
            String source, JsonNode document, Documents documents, Problems problems, TaskLimits defaults) {
        this.source = source;
        this.document = document;
        this.documents = documents;
        this.problems = problems;
        this.defaults = defaults;
    }

    /**
     * The metadata; absent values stand in for faulty ones, whose faults are then among {@code problems}.
     *
     * @param defaults limits where none are declared
     */
    static Optional<Metadata> read(
            String source, JsonNode document, Documents documents, Problems problems, TaskLimits defaults) {
        if (!document.isObject()) {
            problems.add(source, "", "is " + kind(document) + "; accepted: an object with \"name\" and \"version\"");
            return Optional.empty();
        }
        return Optional.of(new MetadataReader(source, document, documents, problems, defaults).read());
    }

    private Metadata read() {
        SortedMap<String, Long> limits = limits();
        JsonNode permissions = document.path("permissions");
        if (!permissions.isMissingNode() && isObject(permissions, "/permissions", "{\"net\": [\"api.example.com\"]}")) {
            refuseUnknown(permissions, "/permissions", List.of("net"));
        }
        JsonNode net = permissions.path("net");
        NetPermissions permitted =
                net.isMissingNode() ? NetPermissions.ANY_PUBLIC_HOST : new NetPermissions(false, hostRules(net));
        SortedSet<String> secrets = secretNames(document.path("secrets"));
        Optional<ResultCachePolicy> cache = cache();
        boolean httpCache = flag(document.path("httpCache"), "/httpCache", false);
        Compat compat = compat();
        return new Metadata(
                identity(),
                inForce(limits),
                permitted,
                secrets,
                retry(),
                cache,
                httpCache,
                declared(compat, limits, permitted, secrets, cache, httpCache),
                compat,
                text("entrypoint", PackageBounds.MAX_PATH_LENGTH),
                schema("inputs", "inputSchema", "input_schema"),
                schema("outputs", "outputSchema", "output_schema"),
                testCases());
    }

    private TaskMetadata identity() {
        String name = text("name", MAX_NAME_LENGTH);
        String label = text("label", MAX_NAME_LENGTH);
        if (!document.has("name") && !document.has("label")) {
            problems.add(source, "", "has neither \"name\" nor \"label\"; accepted: either or both");
        }
        for (String key : List.of("name", "label")) {
            JsonNode value = document.path(key);
            if (value.isString()
                    && (value.asString().isBlank() || value.asString().chars().anyMatch(Character::isISOControl))) {
                add("/" + key, "is blank or has control characters; accepted: one line of text");
            }
        }
        String either = name != null ? name : label != null ? label : "";
        return new TaskMetadata(
                either,
                label != null ? label : either,
                version(),
                uuid(),
                orEmpty(text("description", MAX_TEXT_LENGTH)),
                tags(),
                orEmpty(text("author", MAX_TEXT_LENGTH)),
                orEmpty(text("license", MAX_TEXT_LENGTH)),
                other());
    }

    private String version() {
        JsonNode version = document.path("version");
        if (version.isMissingNode()) {
            problems.add(source, "", "has no \"version\"; accepted: a semantic version such as \"1.0.0\"");
            return "0.0.0";
        }
        String text = text("version", MAX_NAME_LENGTH);
        if (text == null) {
            return "0.0.0";
        }
        if (!VERSION.matcher(text).matches()) {
            add("/version", "\"" + text + "\" is not a semantic version; accepted: \"1.0.0\", \"1.0.0-beta.1\"");
        }
        return text;
    }

    private Optional<UUID> uuid() {
        String text = text("uuid", MAX_NAME_LENGTH);
        if (text == null) {
            return Optional.empty();
        }
        if (!UUID_FORM.matcher(text).matches()) {
            add(
                    "/uuid",
                    "\"" + text + "\" is not a UUID; accepted: 36 characters such as"
                            + " \"0198c5a2-7d1e-7c3a-9b52-4f8e2a6d1c90\", or no uuid at all");
            return Optional.empty();
        }
        return Optional.of(UUID.fromString(text));
    }

    private List<String> tags() {
        JsonNode tags = document.path("tags");
        return tags.isMissingNode() ? List.of() : strings(tags, "/tags", "[\"reporting\"]");
    }

    private JsonText other() {
        ObjectNode other = JsonNodeFactory.instance.objectNode();
        document.properties().forEach(entry -> {
            String key = entry.getKey();
            if (KNOWN.contains(key)) {
                return;
            }
            other.set(key, entry.getValue());
            String instead = INSTEAD.get(key);
            if (instead != null) {
                problems.warn(source, "/" + escape(key), "has no effect; what does is " + instead);
            } else {
                KnownNames.nearest(key, KNOWN)
                        .ifPresent(known -> problems.warn(
                                source,
                                "/" + escape(key),
                                "is not a key Ratchet knows; did you mean \"" + known + "\"?"));
            }
        });
        return new JsonText(documents.write(other));
    }

    private SortedMap<String, Long> limits() {
        SortedMap<String, Long> declared = new TreeMap<>();
        JsonNode limits = document.path("limits");
        if (limits.isMissingNode() || !isObject(limits, "/limits", "{\"wallTime\": \"30s\"}")) {
            return declared;
        }
        refuseUnknown(limits, "/limits", LIMITS);
        for (String key : LIMITS) {
            JsonNode value = limits.path(key);
            if (!value.isMissingNode()) {
                limit(key, value).ifPresent(amount -> declared.put(key, amount));
            }
        }
        return declared;
    }

    private Optional<Long> limit(String key, JsonNode value) {
        String pointer = "/limits/" + key;
        long ceiling = ceiling(key);
        Optional<Long> amount;
        String forms;
        if (DURATION_LIMITS.contains(key)) {
            amount = Quantities.duration(value).map(Duration::toMillis);
            forms = Quantities.DURATION_FORMS;
        } else if (key.equals("fetches")) {
            amount = value.isIntegralNumber() && value.canConvertToLong()
                    ? Optional.of(value.longValue())
                    : Optional.empty();
            forms = "a whole number";
        } else {
            amount = Quantities.size(value);
            forms = Quantities.SIZE_FORMS;
        }
        if (amount.isEmpty()) {
            add(pointer, shown(value) + " is not understood; accepted: " + forms);
            return Optional.empty();
        }
        if (amount.get() < 1 || amount.get() > ceiling) {
            String unit = DURATION_LIMITS.contains(key) ? " ms" : key.equals("fetches") ? "" : " bytes";
            add(pointer, shown(value) + " is out of range; accepted: 1" + unit + " to " + ceiling + unit);
            return Optional.empty();
        }
        return amount;
    }

    private static long ceiling(String key) {
        TaskLimits ceiling = TaskLimits.CEILING;
        return switch (key) {
            case "cpuTime" -> ceiling.cpuTime().toMillis();
            case "wallTime" -> ceiling.wallTime().toMillis();
            case "memory" -> ceiling.memoryBytes();
            case "outputBytes" -> ceiling.outputBytes();
            case "logBytes" -> ceiling.logBytes();
            case "fetches" -> ceiling.fetches();
            case "fetchBytes" -> ceiling.fetchBytes();
            default -> throw new IllegalArgumentException(key);
        };
    }

    /** The declared limits over the defaults; processor time follows wall time unless it is declared itself. */
    private TaskLimits inForce(SortedMap<String, Long> declared) {
        long wallTime = declared.getOrDefault("wallTime", defaults.wallTime().toMillis());
        return new TaskLimits(
                Duration.ofMillis(wallTime),
                Duration.ofMillis(declared.getOrDefault("cpuTime", wallTime)),
                declared.getOrDefault("memory", defaults.memoryBytes()),
                declared.getOrDefault("outputBytes", defaults.outputBytes()),
                declared.getOrDefault("logBytes", defaults.logBytes()),
                Math.toIntExact(declared.getOrDefault("fetches", (long) defaults.fetches())),
                declared.getOrDefault("fetchBytes", defaults.fetchBytes()));
    }

    private List<HostRule> hostRules(JsonNode net) {
        if (!net.isArray() || net.size() > MAX_LIST) {
            add(
                    "/permissions/net",
                    "is " + kind(net) + "; accepted: an array of at most " + MAX_LIST
                            + " hosts such as [\"api.example.com\", {\"host\": \"*.example.org\", \"methods\": [\"GET\"]}],"
                            + " empty for no network");
            return List.of();
        }
        Map<String, Set<String>> methodsByHost = new LinkedHashMap<>();
        for (int i = 0; i < net.size(); i++) {
            String pointer = "/permissions/net/" + i;
            JsonNode rule = net.get(i);
            if (rule.isString()) {
                host(rule, pointer).ifPresent(host -> methodsByHost.put(host, Set.of()));
            } else if (isObject(rule, pointer, "a host or {\"host\": …, \"methods\": […]}")) {
                refuseUnknown(rule, pointer, List.of("host", "methods"));
                JsonNode methods = rule.path("methods");
                Set<String> names = methods.isMissingNode() ? Set.of() : methods(methods, pointer + "/methods");
                boolean misspelt = rule.size() > (rule.has("methods") ? 1 : 0) && !rule.has("host");
                if (misspelt) {
                    continue; // reported as an unknown key
                }
                host(rule.path("host"), pointer + "/host")
                        .ifPresent(host -> methodsByHost.merge(host, names, MetadataReader::union));
            }
        }
        return methodsByHost.entrySet().stream()
                .map(entry -> new HostRule(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparing(HostRule::hostPattern))
                .toList();
    }

    /** Methods of two rules for one host; none listed means every method. */
    private static Set<String> union(Set<String> a, Set<String> b) {
        if (a.isEmpty() || b.isEmpty()) {
            return Set.of();
        }
        Set<String> both = new HashSet<>(a);
        both.addAll(b);
        return both;
    }

    private Optional<String> host(JsonNode node, String pointer) {
        String text = node.isString() ? node.asString().toLowerCase(Locale.ROOT) : "";
        if (text.length() <= 253 && HOST.matcher(text).matches()) {
            return Optional.of(text);
        }
        String hint = text.contains("://") || text.contains("/") || text.matches("[^\\[]*:[0-9]+")
                ? " (the host alone, without scheme, port or path)"
                : text.chars().anyMatch(c -> c > 0x7f) ? " (in its ASCII form, xn--…)" : "";
        add(
                pointer,
                shown(node) + " is not a host; accepted: \"api.example.com\", \"*.example.com\" for the names below"
                        + " it, \"*\" for every public host" + hint);
        return Optional.empty();
    }

    private Set<String> methods(JsonNode node, String pointer) {
        Set<String> methods = new TreeSet<>();
        for (String method : strings(node, pointer, "[\"GET\", \"POST\"]")) {
            String upper = method.toUpperCase(Locale.ROOT);
            if (METHOD.matcher(upper).matches()) {
                methods.add(upper);
            } else {
                add(pointer, "\"" + method + "\" is not an HTTP method; accepted: such as \"GET\"");
            }
        }
        if (node.isArray() && node.isEmpty()) {
            add(pointer, "lists no method; leave \"methods\" out to permit every method, or the rule to permit none");
        }
        return methods;
    }

    private SortedSet<String> secretNames(JsonNode secrets) {
        SortedSet<String> names = new TreeSet<>();
        if (secrets.isMissingNode()) {
            return names;
        }
        for (String name : strings(secrets, "/secrets", "[\"API_KEY\"]")) {
            if (Secrets.NAME.matcher(name).matches()) {
                names.add(name);
            } else {
                add(
                        "/secrets",
                        "\"" + name + "\" is not a secret name; accepted: letters, digits and _, not starting"
                                + " with a digit");
            }
        }
        return names;
    }

    /** What the hash covers beside code and schemas: values the package names itself, in their normal form. */
    private JsonText declared(
            Compat compat,
            SortedMap<String, Long> limits,
            NetPermissions net,
            SortedSet<String> secrets,
            Optional<ResultCachePolicy> cache,
            boolean httpCache) {
        ObjectNode declared = JsonNodeFactory.instance.objectNode();
        if (compat != Compat.NONE) {
            declared.put("compat", compat.wireName());
        }
        if (!limits.isEmpty()) {
            ObjectNode amounts = declared.putObject("limits");
            limits.forEach(amounts::put);
        }
        if (!net.anyPublicHost()) {
            ArrayNode hosts = declared.putArray("net");
            for (HostRule rule : net.rules()) {
                ObjectNode host = hosts.addObject().put("host", rule.hostPattern());
                if (!rule.methods().isEmpty()) {
                    new TreeSet<>(rule.methods()).forEach(host.withArray("methods")::add);
                }
            }
        }
        if (document.has("secrets")) {
            secrets.forEach(declared.putArray("secrets")::add);
        }
        cache.ifPresent(policy -> {
            ObjectNode kept =
                    declared.putObject("cache").put("ttl", policy.ttl().toMillis());
            if (document.path("cache").has("onlySuccess")) {
                kept.put("onlySuccess", policy.onlySuccess());
            }
        });
        if (document.has("httpCache")) {
            declared.put("httpCache", httpCache);
        }
        return new JsonText(documents.write(declared));
    }

    private Optional<ResultCachePolicy> cache() {
        JsonNode cache = document.path("cache");
        if (cache.isMissingNode() || !isObject(cache, "/cache", "{\"ttl\": \"5m\"}")) {
            return Optional.empty();
        }
        refuseUnknown(cache, "/cache", List.of("onlySuccess", "ttl"));
        boolean onlySuccess = flag(cache.path("onlySuccess"), "/cache/onlySuccess", true);
        JsonNode ttl = cache.path("ttl");
        Optional<Duration> kept = Quantities.duration(ttl)
                .filter(value ->
                        value.compareTo(Duration.ofSeconds(1)) >= 0 && value.compareTo(ResultCachePolicy.MAX_TTL) <= 0);
        if (kept.isEmpty()) {
            add(
                    "/cache/ttl",
                    (ttl.isMissingNode() ? "is missing" : shown(ttl) + " is not understood or out of range")
                            + "; accepted: 1 second to 30 days, " + Quantities.DURATION_FORMS);
        }
        return kept.map(value -> new ResultCachePolicy(value, onlySuccess));
    }

    private boolean flag(JsonNode node, String pointer, boolean absent) {
        if (node.isMissingNode()) {
            return absent;
        }
        if (!node.isBoolean()) {
            add(pointer, shown(node) + " is not understood; accepted: true, false");
            return absent;
        }
        return node.booleanValue();
    }

    private Optional<RetryPolicy> retry() {
        JsonNode retry = document.path("retry");
        if (retry.isMissingNode() || !isObject(retry, "/retry", "{\"maxRetries\": 3}")) {
            return Optional.empty();
        }
        refuseUnknown(
                retry, "/retry", List.of("backoff", "initialDelay", "jitter", "maxDelay", "maxRetries", "retryUnsafe"));
        RetryPolicy defaults = RetryPolicy.DEFAULT;
        int maxRetries = defaults.maxRetries();
        JsonNode count = retry.path("maxRetries");
        if (!count.isMissingNode()) {
            if (count.isIntegralNumber()
                    && count.canConvertToInt()
                    && count.intValue() >= 0
                    && count.intValue() <= MAX_RETRIES) {
                maxRetries = count.intValue();
            } else {
                add("/retry/maxRetries", shown(count) + " is not understood; accepted: 0 to " + MAX_RETRIES);
            }
        }
        RetryPolicy.Backoff backoff = defaults.backoff();
        JsonNode growth = retry.path("backoff");
        if (!growth.isMissingNode()) {
            Optional<RetryPolicy.Backoff> named = Arrays.stream(RetryPolicy.Backoff.values())
                    .filter(value -> growth.isString()
                            && value.name().toLowerCase(Locale.ROOT).equals(growth.asString()))
                    .findAny();
            if (named.isEmpty()) {
                add("/retry/backoff", shown(growth) + " is not understood; accepted: \"fixed\", \"exponential\"");
            }
            backoff = named.orElse(backoff);
        }
        Duration initialDelay = delay(retry, "initialDelay", defaults.initialDelay());
        Duration maxDelay = delay(
                retry,
                "maxDelay",
                defaults.maxDelay().compareTo(initialDelay) < 0 ? initialDelay : defaults.maxDelay());
        if (maxDelay.compareTo(initialDelay) < 0) {
            add("/retry/maxDelay", "is shorter than initialDelay; accepted: at least as long");
            return Optional.empty();
        }
        return Optional.of(new RetryPolicy(
                maxRetries,
                backoff,
                initialDelay,
                maxDelay,
                flag(retry.path("jitter"), "/retry/jitter", defaults.jitter()),
                flag(retry.path("retryUnsafe"), "/retry/retryUnsafe", defaults.retryUnsafe())));
    }

    private Duration delay(JsonNode retry, String key, Duration absent) {
        JsonNode node = retry.path(key);
        if (node.isMissingNode()) {
            return absent;
        }
        Optional<Duration> delay =
                Quantities.duration(node).filter(value -> !value.isNegative() && value.compareTo(MAX_RETRY_DELAY) <= 0);
        if (delay.isEmpty()) {
            add(
                    "/retry/" + key,
                    shown(node) + " is not understood or longer than 7 days; accepted: " + Quantities.DURATION_FORMS);
        }
        return delay.orElse(absent);
    }

    private Compat compat() {
        JsonNode node = document.path("compat");
        if (node.isMissingNode()) {
            return Compat.NONE;
        }
        if (node.isString() && node.asString().equals(Compat.RATCHET_0_4.wireName())) {
            return Compat.RATCHET_0_4;
        }
        add("/compat", shown(node) + " is not known; accepted: \"" + Compat.RATCHET_0_4.wireName() + "\" or no compat");
        return Compat.NONE;
    }

    private @Nullable InlineSchema schema(String shorthand, String... keys) {
        List<String> given = new ArrayList<>();
        for (String key : keys) {
            if (document.has(key)) {
                given.add(key);
            }
        }
        if (document.has(shorthand)) {
            given.add(shorthand);
        }
        if (given.isEmpty()) {
            return null;
        }
        if (given.size() > 1) {
            add("/" + given.get(1), "says the same as \"" + given.get(0) + "\"; keep one of " + given);
        }
        String key = given.get(0);
        JsonNode value = document.path(key);
        if (!key.equals(shorthand)) {
            return new InlineSchema(key, value, false);
        }
        return isObject(value, "/" + key, "{city: {type: string, required: true}}")
                ? new InlineSchema(key, expand(key, value), true)
                : null;
    }

    /** The JSON Schema that {@code inputs} or {@code outputs} abbreviates. */
    private JsonNode expand(String key, JsonNode shorthand) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = JsonNodeFactory.instance.arrayNode();
        shorthand.properties().forEach(entry -> {
            String name = entry.getKey();
            JsonNode value = entry.getValue();
            if (value.isString()) {
                properties.putObject(name).set("type", value);
            } else if (value.isObject()) {
                ObjectNode property = (ObjectNode) value.deepCopy();
                JsonNode flag = property.path("required");
                if (flag.isBoolean()) {
                    property.remove("required");
                    if (flag.booleanValue()) {
                        required.add(name);
                    }
                }
                properties.set(name, property);
            } else {
                add(
                        "/" + key + "/" + escape(name),
                        "is " + kind(value) + "; accepted: a type name such as string, or an"
                                + " object with type, description, required");
            }
        });
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return schema;
    }

    private List<JsonNode> testCases() {
        JsonNode cases = document.path("test_cases");
        if (cases.isMissingNode()) {
            return List.of();
        }
        if (!cases.isArray() || cases.size() > PackageBounds.MAX_FILES) {
            add(
                    "/test_cases",
                    "is " + kind(cases) + "; accepted: an array of at most " + PackageBounds.MAX_FILES + " test cases");
            return List.of();
        }
        List<JsonNode> list = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            if (isObject(cases.get(i), "/test_cases/" + i, "{name: …, input: …, expected_output: …}")) {
                list.add(cases.get(i));
            }
        }
        return list;
    }

    private @Nullable String text(String key, int longest) {
        JsonNode node = document.path(key);
        if (node.isMissingNode()) {
            return null;
        }
        if (!node.isString() || node.asString().length() > longest) {
            add(
                    "/" + key,
                    "is " + kind(node) + "; accepted: a string of at most " + longest + " characters"
                            + (node.isNumber() ? " (in quotes)" : ""));
            return null;
        }
        return node.asString();
    }

    private List<String> strings(JsonNode node, String pointer, String example) {
        if (!node.isArray() || node.size() > MAX_LIST) {
            add(
                    pointer,
                    "is " + kind(node) + "; accepted: an array of at most " + MAX_LIST + " strings such as " + example);
            return List.of();
        }
        List<String> strings = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            JsonNode item = node.get(i);
            if (item.isString() && item.asString().length() <= MAX_NAME_LENGTH) {
                strings.add(item.asString());
            } else {
                add(
                        pointer + "/" + i,
                        "is " + kind(item) + "; accepted: a string of at most " + MAX_NAME_LENGTH + " characters");
            }
        }
        return strings;
    }

    private boolean isObject(JsonNode node, String pointer, String example) {
        if (node.isObject()) {
            return true;
        }
        add(pointer, "is " + kind(node) + "; accepted: an object such as " + example);
        return false;
    }

    private void refuseUnknown(JsonNode object, String pointer, Collection<String> known) {
        object.propertyNames().stream().filter(key -> !known.contains(key)).forEach(key -> {
            Function<String, String> question = name -> "; did you mean \"" + name + "\"?";
            add(
                    pointer + "/" + escape(key),
                    "is not a key that is known here"
                            + KnownNames.nearest(key, known).map(question).orElse("") + " accepted: "
                            + String.join(", ", known));
        });
    }

    private void add(String pointer, String message) {
        problems.add(source, pointer, message);
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static String shown(JsonNode node) {
        if (node.isMissingNode()) {
            return "nothing";
        }
        String text = node.toString();
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }

    static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    static String kind(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "an array of " + node.size();
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            case NUMBER -> "a number";
            case OBJECT -> "an object";
            case STRING -> node.asString().length() > MAX_NAME_LENGTH ? "a long string" : "a string";
            case MISSING -> "missing";
            case BINARY, POJO -> "binary";
        };
    }
}

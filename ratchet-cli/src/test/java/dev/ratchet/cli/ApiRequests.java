package dev.ratchet.cli;

import dev.ratchet.cli.ApiContract.Operation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes requests for the operations of a description: about half of them valid, the others with one thing amiss. */
final class ApiRequests {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Stands for half of a surrogate pair, which no tree can be written with. */
    private static final String HALF = "HALF-OF-A-PAIR";

    private static final List<String> ODD = List.of(
            "",
            " ",
            "null",
            "0",
            "-1",
            "1e999",
            "99999999999999999999",
            "true",
            "\u0000",
            "a\u0000b",
            HALF,
            "ä€\ud83d\ude00",
            "../../etc/passwd",
            "' or 1=1 --",
            "%00%ff",
            "a,b,,c",
            "2026-02-30T25:00:00Z",
            "9999-12-31T23:59:59.999999999+18:00",
            "x".repeat(20_000));

    private static final Map<String, List<String>> TEXTS = Map.ofEntries(
            Map.entry("code", List.of("export default (input) => input;", "export default () => { throw 1; }", "(((")),
            Map.entry("sourceCode", List.of("export default (input) => input;", "module.exports = () => 1;")),
            Map.entry("version", List.of("1.0.0", "1.0.1", "2.0.0-rc.1", "active")),
            Map.entry("cronExpression", List.of("*/5 * * * *", "0 0 1 1 *", "61 * * * *", "@daily")),
            Map.entry("timezone", List.of("UTC", "Europe/Berlin", "EST", "Mars/Olympus")),
            Map.entry("fields", List.of("id", "name,status", "data.id", "nope")),
            Map.entry("_sort", List.of("id", "created_at", "status,created_at", "nope")),
            Map.entry("_order", List.of("ASC", "DESC", "desc,asc")),
            Map.entry("cursor", List.of("", "abc", "AAAA", "eyJhIjoxfQ")),
            Map.entry("If-Match", List.of("*", "\"1\"", "\"x\"")),
            Map.entry("Idempotency-Key", List.of("k1", "k2", "k3")),
            Map.entry("Prefer", List.of("wait=0", "respond-async", "wait=x")));

    private static final List<String> DESTINATIONS = List.of(
            "{\"type\":\"filesystem\",\"path\":\"out/{{execution_id}}.json\"}",
            "{\"type\":\"webhook\",\"url\":\"http://127.0.0.1:9/x\"}",
            "{\"type\":\"webhook\",\"url\":\"https://example.com/{{NAME}}\"}",
            "{\"type\":\"stdio\"}",
            "{\"type\":\"database\"}",
            "{\"type\":7}");

    /** A parameter or header. */
    record Pair(String name, String value) {}

    /** A request to be sent. */
    record Made(String method, String path, List<Pair> query, List<Pair> headers, Optional<String> body) {
        @Override
        public String toString() {
            String shown = method + " " + path + " query " + query + " headers " + headers + " body " + body.orElse("");
            return shown.length() > 1_500 ? shown.substring(0, 1_500) + "…" : shown;
        }
    }

    private final ApiContract contract;
    private final Random random;
    private final Map<String, List<String>> known;

    /** @param known identifiers and names by the kind of thing, as in addresses */
    ApiRequests(ApiContract contract, Random random, Map<String, List<String>> known) {
        this.contract = contract;
        this.random = random;
        this.known = known;
    }

    Made next(Operation operation) {
        List<Pair> query = new ArrayList<>();
        List<Pair> headers = new ArrayList<>();
        for (JsonNode parameter : operation.description().path("parameters")) {
            String name = parameter.path("name").stringValue();
            switch (parameter.path("in").stringValue()) {
                case "query" -> {
                    // Lists have many parameters; a few of them at a time are what clients send.
                    if (name.equals("wait")) {
                        query.add(new Pair(name, chance(0.1) ? one(ODD) : "0"));
                    } else if (chance(2.0
                            / Math.max(
                                    4,
                                    operation.description().path("parameters").size()))) {
                        query.add(new Pair(name, text(name, parameter.path("schema"))));
                    }
                }
                case "header" -> {
                    if (chance(0.3)) {
                        headers.add(new Pair(name, printable(text(name, parameter.path("schema")))));
                    }
                }
                default -> {
                    // A variable of the path.
                }
            }
        }
        if (chance(0.05)) {
            query.add(new Pair(one(ODD.subList(2, 8)), "1"));
        }
        if (chance(0.1)) {
            headers.add(new Pair("Accept", one(List.of("text/html", "application/json", "*/*", "a/b;q=x"))));
        }
        return new Made(operation.method(), path(operation), query, headers, body(operation, headers));
    }

    private String path(Operation operation) {
        StringBuilder path = new StringBuilder();
        String kind = operation.path().split("/", -1)[3];
        for (String segment : operation.path().substring(1).split("/", -1)) {
            path.append('/');
            if (segment.equals("{version}")) {
                path.append(encoded(one(List.of("active", "1.0.0", "9.9.9", HALF))));
            } else if (segment.startsWith("{")) {
                List<String> ids = known.getOrDefault(kind, List.of());
                boolean real = !ids.isEmpty() && chance(0.75);
                path.append(encoded(real ? one(ids) : chance(0.5) ? uuid() : one(ODD.subList(2, 16))));
            } else {
                path.append(segment);
            }
        }
        return path.toString();
    }

    private Optional<String> body(Operation operation, List<Pair> headers) {
        JsonNode content = operation.description().path("requestBody").path("content");
        if (content.isMissingNode()) {
            return chance(0.05) ? Optional.of("{}") : Optional.empty();
        }
        if (chance(0.05)) {
            return Optional.empty();
        }
        List<String> types = new ArrayList<>(content.propertyNames());
        String type = chance(0.85) ? "application/json" : one(types);
        headers.add(new Pair(
                "Content-Type", chance(0.97) ? type : one(List.of("text/plain", "application/json; charset=x"))));
        if (!type.endsWith("json")) {
            return Optional.of(one(List.of("PK", "", "--b\r\n\r\nx\r\n--b--")));
        }
        JsonNode made = value("", content.path("application/json").path("schema"), 0);
        if (chance(0.4)) {
            spoil(made);
        }
        String text = made.toString();
        if (chance(0.05)) {
            text = text.substring(0, random.nextInt(text.length() + 1)) + one(List.of("", "}", "\u0000", ",,"));
        }
        return Optional.of(text.replace(HALF, "\\ud800"));
    }

    /** A value that fits the schema as far as the schema tells. */
    private JsonNode value(String name, JsonNode given, int depth) {
        JsonNode schema = contract.resolved(given);
        if (schema.has("anyOf")) {
            return value(name, schema.path("anyOf").path(chance(0.9) ? 0 : 1), depth);
        }
        if (schema.has("enum")) {
            return schema.path("enum").path(random.nextInt(schema.path("enum").size()));
        }
        JsonNode types = schema.path("type");
        String type = types.isArray()
                ? types.path(chance(0.9) ? 0 : types.size() - 1).stringValue()
                : types.stringValue("any");
        return switch (type) {
            case "object" -> object(name, schema, depth);
            case "array" -> {
                ArrayNode array = JSON.arrayNode();
                int size = Math.max(schema.path("minItems").intValue(0), random.nextInt(3));
                for (int i = 0; i < size; i++) {
                    array.add(value(name, schema.path("items"), depth + 1));
                }
                yield array;
            }
            case "string" -> JSON.stringNode(text(name, schema));
            case "integer" -> JSON.numberNode(integer(schema));
            case "number" -> JSON.numberNode(schema.path("minimum").doubleValue(0) + random.nextInt(10) / 4.0);
            case "boolean" -> JSON.booleanNode(random.nextBoolean());
            case "null" -> JSON.nullNode();
            default -> any(depth);
        };
    }

    private JsonNode object(String name, JsonNode schema, int depth) {
        if (!schema.has("properties")) {
            return name.endsWith("estinations") ? JsonMapper.shared().readTree(one(DESTINATIONS)) : any(3);
        }
        ObjectNode object = JSON.objectNode();
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(member -> required.add(member.stringValue()));
        schema.path("properties").forEachEntry((member, inner) -> {
            if (required.contains(member) || (depth < 4 && chance(0.2))) {
                object.set(member, value(member, inner, depth + 1));
            }
        });
        if (object.has("taskId") && chance(0.9)) {
            object.put("taskId", one(known.getOrDefault("tasks", List.of("alpha"))));
        }
        if (name.isEmpty() && schema.path("properties").has("sourceCode") && chance(0.9)) {
            object.put("sourceCode", one(TEXTS.getOrDefault("sourceCode", List.of())));
        }
        return object;
    }

    private JsonNode any(int depth) {
        return switch (random.nextInt(depth > 3 ? 4 : 6)) {
            case 0 -> JSON.nullNode();
            case 1 -> JSON.numberNode(random.nextLong());
            case 2 -> JSON.stringNode(one(ODD));
            case 3 -> JSON.booleanNode(true);
            case 4 -> JSON.arrayNode().add(any(depth + 1)).add(any(depth + 1));
            default -> JSON.objectNode().set("a", any(depth + 1));
        };
    }

    /** One thing of the document is another, is gone, or is too much. */
    private void spoil(JsonNode document) {
        List<JsonNode> places = new ArrayList<>();
        collect(document, places);
        if (places.isEmpty()) {
            return;
        }
        JsonNode place = one(places);
        if (place instanceof ObjectNode object) {
            List<String> names = new ArrayList<>(object.propertyNames());
            String name = names.isEmpty() || chance(0.1) ? one(List.of("nope", "", HALF, "a/b~c")) : one(names);
            if (chance(0.2)) {
                object.remove(name);
            } else {
                object.set(name, any(0));
            }
        } else if (place instanceof ArrayNode array) {
            for (int i = random.nextInt(60); i >= 0; i--) {
                array.add(any(2));
            }
        }
    }

    private static void collect(JsonNode at, List<JsonNode> places) {
        if (at.isContainer()) {
            places.add(at);
            at.forEach(inner -> collect(inner, places));
        }
    }

    private String text(String name, JsonNode given) {
        JsonNode schema = contract.resolved(given);
        if (chance(0.15)) {
            return one(ODD);
        }
        if (schema.has("enum")) {
            return schema.path("enum")
                    .path(random.nextInt(schema.path("enum").size()))
                    .stringValue();
        }
        if (TEXTS.containsKey(name)) {
            return one(TEXTS.get(name));
        }
        return switch (schema.path("type").stringValue("") + " "
                + schema.path("format").stringValue("")) {
            case "string date-time" -> one(List.of("2026-01-31T12:00:00Z", "2030-01-31T12:00:00+05:30"));
            case "string uuid" -> {
                List<String> all = known.values().stream().flatMap(List::stream).toList();
                yield chance(0.7) ? one(all) : uuid();
            }
            case "integer int64", "integer " -> String.valueOf(integer(schema));
            case "number " -> "0.5";
            case "boolean " -> String.valueOf(random.nextBoolean());
            default -> "text" + random.nextInt(50);
        };
    }

    private long integer(JsonNode schema) {
        long min = schema.path("minimum").longValue(-10);
        long max = schema.path("maximum").longValue(1_000);
        return switch (random.nextInt(10)) {
            case 0 -> min;
            case 1 -> max;
            case 2 -> min - 1;
            case 3 -> max == Long.MAX_VALUE ? max : max + 1;
            default -> min + random.nextInt((int) Math.max(1, Math.min(20, max - min)));
        };
    }

    /** The client refuses other header values by itself. */
    private static String printable(String text) {
        String fit = text.replaceAll("[^\\x20-\\x7e]", "?");
        return fit.length() > 1_000 ? fit.substring(0, 1_000) : fit;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private String uuid() {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private boolean chance(double of) {
        return random.nextDouble() < of;
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }
}

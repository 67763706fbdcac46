package dev.ratchet.cli.config;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.KnownNames;
import dev.ratchet.core.common.Problem;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Brings a destination of the file into the shape that jobs of the REST API state theirs in, so that one reader
 * understands both. What is not given stays away, and that reader's default holds; {@code overwrite} is said always,
 * because its default in the file is the other one.
 */
final class DestinationShape {
    private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}");

    private static final List<Key<?>> FILESYSTEM = List.of(
            Keys.DESTINATION_PATH,
            Keys.DESTINATION_FORMAT,
            Keys.DESTINATION_COMPRESSION,
            Keys.DESTINATION_PERMISSIONS,
            Keys.DESTINATION_CREATE_DIRS,
            Keys.DESTINATION_OVERWRITE,
            Keys.DESTINATION_BACKUP);

    private static final List<Key<?>> WEBHOOK = List.of(
            Keys.DESTINATION_URL,
            Keys.DESTINATION_METHOD,
            Keys.DESTINATION_TIMEOUT,
            Keys.DESTINATION_CONTENT_TYPE,
            Keys.AUTH_TYPE,
            Keys.AUTH_TOKEN,
            Keys.AUTH_USERNAME,
            Keys.AUTH_PASSWORD,
            Keys.AUTH_KEY,
            Keys.AUTH_HEADER,
            Keys.SIGNING_SECRET,
            Keys.DESTINATION_ATTEMPTS,
            Keys.DESTINATION_INITIAL_DELAY,
            Keys.DESTINATION_MAX_DELAY,
            Keys.DESTINATION_MULTIPLIER);

    private static final List<Key<?>> STDIO =
            List.of(Keys.STREAM, Keys.DESTINATION_FORMAT, Keys.STREAM_METADATA, Keys.STREAM_LINES, Keys.STREAM_PREFIX);

    private static final List<Key<?>> OF_A_TYPE = Stream.of(FILESYSTEM, WEBHOOK, STDIO)
            .flatMap(List::stream)
            .distinct()
            .toList();

    private final Values item;
    private final List<Problem> problems;

    DestinationShape(Values item, List<Problem> problems) {
        this.item = item;
        this.problems = problems;
    }

    /** The destination; empty when it is at fault, which is then reported. */
    Optional<JsonText> json(String type) {
        int before = problems.size();
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("name", item.get(Keys.DESTINATION_NAME));
        root.put("destinationType", type);
        copy(Keys.DESTINATION_ON, root, "on");
        switch (type) {
            case "filesystem" -> filesystem(root.putObject("filesystem"));
            case "webhook" -> webhook(root.putObject("webhook"));
            case "stdio" -> stdio(root.putObject("stdio"));
            default -> throw new IllegalArgumentException(type);
        }
        return problems.size() == before ? Optional.of(new JsonText(root.toString())) : Optional.empty();
    }

    private void filesystem(ObjectNode to) {
        only("filesystem", FILESYSTEM);
        require(Keys.DESTINATION_PATH);
        copy(Keys.DESTINATION_PATH, to, "path");
        upper(Keys.DESTINATION_FORMAT, to, "format");
        upper(Keys.DESTINATION_COMPRESSION, to, "compression");
        copy(Keys.DESTINATION_PERMISSIONS, to, "permissions");
        copy(Keys.DESTINATION_CREATE_DIRS, to, "createDirs");
        to.put("overwrite", item.get(Keys.DESTINATION_OVERWRITE));
        copy(Keys.DESTINATION_BACKUP, to, "backupExisting");
    }

    private void webhook(ObjectNode to) {
        only("webhook", WEBHOOK);
        require(Keys.DESTINATION_URL);
        copy(Keys.DESTINATION_URL, to, "url");
        copy(Keys.DESTINATION_METHOD, to, "method");
        Map<String, String> headers = item.named(Keys.DESTINATION_HEADER);
        if (!headers.isEmpty()) {
            ObjectNode fields = to.putObject("headers");
            headers.forEach((name, value) -> {
                if (!HEADER.matcher(name).matches()) {
                    problems.add(item.origin(Keys.DESTINATION_TYPE)
                            .problem(Type.shown(name) + " is no header name; accepted: letters, digits and -"));
                }
                fields.put(name, value);
            });
        }
        item.ifGiven(Keys.DESTINATION_TIMEOUT).ifPresent(time -> to.set("timeoutSeconds", seconds(time)));
        copy(Keys.DESTINATION_CONTENT_TYPE, to, "contentType");
        copy(Keys.SIGNING_SECRET, to, "signingSecret");
        retryPolicy(to);
        authentication(to);
    }

    private void retryPolicy(ObjectNode to) {
        ObjectNode policy = JsonNodeFactory.instance.objectNode();
        copy(Keys.DESTINATION_ATTEMPTS, policy, "maxAttempts");
        item.ifGiven(Keys.DESTINATION_INITIAL_DELAY)
                .ifPresent(time -> policy.set("initialDelaySeconds", seconds(time)));
        item.ifGiven(Keys.DESTINATION_MAX_DELAY).ifPresent(time -> policy.set("maxDelaySeconds", seconds(time)));
        copy(Keys.DESTINATION_MULTIPLIER, policy, "backoffMultiplier");
        if (!policy.isEmpty()) {
            to.set("retryPolicy", policy);
        }
    }

    private void authentication(ObjectNode to) {
        Optional<String> type = item.find(Keys.AUTH_TYPE);
        if (type.isEmpty()) {
            for (Key<?> key :
                    List.of(Keys.AUTH_TOKEN, Keys.AUTH_USERNAME, Keys.AUTH_PASSWORD, Keys.AUTH_KEY, Keys.AUTH_HEADER)) {
                if (item.ifGiven(key).isPresent()) {
                    problems.add(item.origin(key)
                            .problem("needs auth.type beside it; accepted: "
                                    + Keys.AUTH_TYPE.type().accepted()));
                }
            }
            return;
        }
        ObjectNode authentication = to.putObject("authentication");
        authentication.put("authType", type.get());
        switch (type.get()) {
            case "bearer" -> {
                require(Keys.AUTH_TOKEN);
                copy(Keys.AUTH_TOKEN, authentication.putObject("bearer"), "token");
            }
            case "basic" -> {
                require(Keys.AUTH_USERNAME);
                require(Keys.AUTH_PASSWORD);
                ObjectNode basic = authentication.putObject("basic");
                copy(Keys.AUTH_USERNAME, basic, "username");
                copy(Keys.AUTH_PASSWORD, basic, "password");
            }
            case "api_key" -> {
                require(Keys.AUTH_KEY);
                ObjectNode apiKey = authentication.putObject("apiKey");
                copy(Keys.AUTH_KEY, apiKey, "key");
                apiKey.put("headerName", item.get(Keys.AUTH_HEADER));
            }
            default -> throw new IllegalStateException(type.get());
        }
    }

    private void stdio(ObjectNode to) {
        only("stdio", STDIO);
        copy(Keys.STREAM, to, "stream");
        upper(Keys.DESTINATION_FORMAT, to, "format");
        copy(Keys.STREAM_METADATA, to, "includeMetadata");
        copy(Keys.STREAM_LINES, to, "lineBuffered");
        copy(Keys.STREAM_PREFIX, to, "prefix");
    }

    /** Refuses the keys of other types. */
    private void only(String type, List<Key<?>> keys) {
        List<String> names = keys.stream().map(DestinationShape::name).toList();
        for (Key<?> key : OF_A_TYPE) {
            if (!keys.contains(key) && item.ifGiven(key).isPresent()) {
                problems.add(item.origin(key)
                        .problem(KnownNames.unknown("key of a " + type + " destination", name(key), names)));
            }
        }
        if (!type.equals("webhook") && !item.named(Keys.DESTINATION_HEADER).isEmpty()) {
            problems.add(item.origin(Keys.DESTINATION_TYPE)
                    .problem("is " + type + ", which has no headers; accepted: "
                            + names.stream().sorted().collect(Collectors.joining(", "))));
        }
    }

    private static String name(Key<?> key) {
        String destination = "output.global_destinations[].destination.";
        return key.path().substring(destination.length());
    }

    private void require(Key<?> key) {
        // A value at fault is reported already and is missing here too.
        boolean reported = item.origin(key) instanceof Origin.Initial(String pointer)
                && problems.stream().anyMatch(problem -> problem.position().equals(pointer));
        if (item.find(key).isEmpty() && !reported) {
            Origin type = item.origin(Keys.DESTINATION_TYPE);
            problems.add(type.problem("needs " + name(key) + " beside it; accepted there: "
                    + key.type().accepted()));
        }
    }

    private <T> void copy(Key<T> key, ObjectNode to, String name) {
        item.ifGiven(key).ifPresent(value -> to.set(name, key.type().show(value)));
    }

    private void upper(Key<String> key, ObjectNode to, String name) {
        item.ifGiven(key).ifPresent(value -> to.put(name, value.toUpperCase(Locale.ROOT)));
    }

    private static JsonNode seconds(Duration time) {
        BigDecimal seconds =
                BigDecimal.valueOf(time.toMillis()).movePointLeft(3).stripTrailingZeros();
        return seconds.scale() <= 0
                ? JsonNodeFactory.instance.numberNode(seconds.longValueExact())
                : JsonNodeFactory.instance.numberNode(seconds);
    }
}

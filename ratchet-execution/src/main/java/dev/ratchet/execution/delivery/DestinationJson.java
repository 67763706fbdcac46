package dev.ratchet.execution.delivery;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.delivery.Compression;
import dev.ratchet.core.delivery.DeliverOn;
import dev.ratchet.core.delivery.DeliveryRetryPolicy;
import dev.ratchet.core.delivery.OutputDestination;
import dev.ratchet.core.delivery.OutputDestination.Filesystem;
import dev.ratchet.core.delivery.OutputDestination.Header;
import dev.ratchet.core.delivery.OutputDestination.HttpMethod;
import dev.ratchet.core.delivery.OutputDestination.Stdio;
import dev.ratchet.core.delivery.OutputDestination.StdioStream;
import dev.ratchet.core.delivery.OutputDestination.Webhook;
import dev.ratchet.core.delivery.OutputDestinations;
import dev.ratchet.core.delivery.OutputFormat;
import dev.ratchet.core.delivery.SecretText;
import dev.ratchet.core.delivery.WebhookAuthentication;
import dev.ratchet.execution.delivery.Templates.Place;
import dev.ratchet.execution.recording.Json;
import dev.ratchet.execution.url.WhatwgUrl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads and writes destinations; the bounds are those of the API's documentation. */
public final class DestinationJson implements OutputDestinations {
    private static final int MAX_NAME = 100;
    private static final int MAX_DESCRIPTION = 1000;
    private static final int MAX_TEMPLATE = 64 * 1024;
    private static final int MAX_PATH = 4096;
    private static final int MAX_URL = 2048;
    private static final int MAX_HEADERS = 50;
    private static final int MAX_HEADER_NAME = 100;
    private static final int MAX_HEADER_VALUE = 8192;
    private static final int MAX_CONTENT_TYPE = 100;
    private static final int MAX_TOKEN = 1024;
    private static final int MAX_BASIC = 255;
    private static final int MAX_PREFIX = 256;
    private static final int MAX_DELAY_SECONDS = 86_400;

    private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern MEDIA_TYPE =
            Pattern.compile("[!#$&^_.+0-9A-Za-z-]+/[!#$&^_.+0-9A-Za-z-]+(\\s*;[ -~]*)?");
    private static final Pattern PERMISSIONS = Pattern.compile("(?:0o?)?([0-7]{3})");
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final Pattern SECRET_NAME =
            Pattern.compile("authori[sz]ation|cookie|token|secret|key|password|signature|credential|auth");
    private static final Set<String> NOT_ONES_OWN =
            Set.of("host", "content-length", "content-encoding", "transfer-encoding", "connection", "accept-encoding");

    private final Duration defaultTimeout;

    /** With the documented timeout for webhooks that name none. */
    public DestinationJson() {
        this(Webhook.DEFAULT_TIMEOUT);
    }

    /** @param defaultTimeout for webhooks that name none, 1 to 300 seconds */
    public DestinationJson(Duration defaultTimeout) {
        if (defaultTimeout.toSeconds() < 1 || defaultTimeout.compareTo(WebhookGate.MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException("the default timeout of webhooks must be 1 to 300 seconds");
        }
        this.defaultTimeout = defaultTimeout;
    }

    /**
     * Which of the two shapes an element has; they differ in one default.
     *
     * @param overwrite whether files are replaced where nothing is said
     */
    private record Common(
            @Nullable String name, DeliverOn on, @Nullable String template, boolean overwrite) {}

    @Override
    public List<OutputDestination> read(String source, JsonText json) {
        JsonNode document = Json.parse(source, json);
        List<Problem> problems = new ArrayList<>();
        List<OutputDestination> read = new ArrayList<>();
        if (!document.isArray()) {
            problems.add(new Problem(source, "", "must be an array of destinations"));
        } else if (document.isEmpty() || document.size() > MAX_DESTINATIONS) {
            problems.add(new Problem(
                    source, "", "has " + document.size() + " destinations; accepted are 1 to " + MAX_DESTINATIONS));
        } else {
            for (int i = 0; i < document.size(); i++) {
                OutputDestination destination = element(source, "/" + i, document.get(i), problems);
                if (destination != null) {
                    read.add(destination);
                }
            }
        }
        if (!problems.isEmpty()) {
            List<Problem> sorted = problems.stream().sorted().toList();
            String more = sorted.size() == 1 ? "" : " (and " + (sorted.size() - 1) + " more)";
            throw new RatchetException(ErrorCode.VALIDATION_ERROR, sorted.getFirst() + more, sorted);
        }
        return List.copyOf(read);
    }

    @Override
    public JsonText fault(String type, String message, Optional<JsonText> details) {
        ObjectNode error = Json.object();
        error.put("type", type).put("message", message);
        details.ifPresent(known -> error.set("details", Json.parse("details", known)));
        ObjectNode fault = Json.object();
        fault.set("error", error);
        return new JsonText(Json.write(fault));
    }

    @Override
    public JsonText write(List<OutputDestination> destinations, boolean maskSecrets) {
        ArrayNode array = Json.array();
        for (OutputDestination destination : destinations) {
            array.add(written(destination, maskSecrets));
        }
        return new JsonText(Json.write(array));
    }

    private @Nullable OutputDestination element(String source, String pointer, JsonNode node, List<Problem> problems) {
        if (!node.isObject()) {
            problems.add(new Problem(source, pointer, "must be an object"));
            return null;
        }
        DestinationFields outer = new DestinationFields(source, pointer, node, problems);
        String name = outer.text("name", MAX_NAME);
        DeliverOn on = outer.oneOf("on", DeliverOn.class, DeliverOn.SUCCESS);
        outer.text("description", MAX_DESCRIPTION);
        OutputDestination read;
        if (outer.has("destination")) {
            DestinationFields inner = outer.object("destination");
            read = inner == null ? null : flat(inner, name, on);
        } else if (outer.has("destinationType") || !outer.has("type")) {
            read = nested(outer, name, on);
        } else {
            return flat(outer, name, on);
        }
        if (read != null) {
            outer.refuseOthers();
        }
        return read;
    }

    /** The API's shape: the options stand in an object named like the type. */
    private @Nullable OutputDestination nested(DestinationFields outer, @Nullable String name, DeliverOn on) {
        String type = type(outer, "destinationType");
        String template = outer.text("template", MAX_TEMPLATE);
        if (type == null) {
            return null;
        }
        DestinationFields options = outer.object(type);
        if (options == null) {
            if (!outer.has(type)) {
                outer.fault(type, "is missing; it holds the options of a destination of type " + type);
            }
            return null;
        }
        return typed(type, options, new Common(name, on, template, false));
    }

    /** The configuration's shape: type and options side by side. */
    private @Nullable OutputDestination flat(DestinationFields fields, @Nullable String name, DeliverOn on) {
        String type = type(fields, "type");
        String template = fields.text("template", MAX_TEMPLATE);
        return type == null ? null : typed(type, fields, new Common(name, on, template, true));
    }

    private static @Nullable String type(DestinationFields fields, String field) {
        if (!fields.has(field)) {
            fields.fault(field, "is missing; accepted: filesystem, webhook, stdio");
            return null;
        }
        String type = fields.text(field, MAX_NAME);
        if (type == null) {
            return null;
        }
        return switch (type.toLowerCase(Locale.ROOT)) {
            case Filesystem.TYPE -> Filesystem.TYPE;
            case Webhook.TYPE -> Webhook.TYPE;
            case Stdio.TYPE -> Stdio.TYPE;
            case "database", "s3" -> {
                fields.fault(
                        field,
                        "destinations of type '" + type + "' are not supported; accepted: filesystem, webhook, stdio");
                yield null;
            }
            default -> {
                fields.fault(field, "is unknown; accepted: filesystem, webhook, stdio");
                yield null;
            }
        };
    }

    private OutputDestination typed(String type, DestinationFields options, Common common) {
        OutputDestination read =
                switch (type) {
                    case Filesystem.TYPE -> filesystem(options, common);
                    case Webhook.TYPE -> webhook(options, common);
                    default -> stdio(options, common);
                };
        options.refuseOthers();
        return read;
    }

    private static Filesystem filesystem(DestinationFields options, Common common) {
        String path = options.required("path", MAX_PATH);
        if (!path.isBlank()) {
            OutputPath.fault(path).ifPresent(fault -> options.fault("path", fault));
        }
        template(options, "path", path, Place.PATH);
        OutputFormat format = format(options);
        bodyTemplate(options, common, format);
        return new Filesystem(
                common.name(),
                common.on(),
                path,
                format,
                common.template(),
                options.oneOf("compression", Compression.class, Compression.NONE),
                permissions(options),
                options.flag("createDirs", true),
                options.flag("overwrite", common.overwrite()),
                options.flag("backupExisting", false));
    }

    private Webhook webhook(DestinationFields options, Common common) {
        String url = options.required("url", MAX_URL);
        url(options, url);
        HttpMethod method = options.oneOf("method", HttpMethod.class, HttpMethod.POST);
        WebhookAuthentication authentication = authentication(options);
        SecretText signingSecret = secret(options, "signingSecret", MAX_TOKEN, false);
        if (signingSecret != null) {
            WebhookSignature.fault(signingSecret.value()).ifPresent(fault -> options.fault("signingSecret", fault));
        }
        String contentType = options.text("contentType", MAX_CONTENT_TYPE);
        if (contentType != null && !MEDIA_TYPE.matcher(contentType).matches()) {
            options.fault("contentType", "is not a media type; accepted is one such as application/json");
        }
        OutputFormat format = format(options);
        bodyTemplate(options, common, format);
        int timeout = options.integer(
                "timeoutSeconds",
                1,
                Math.toIntExact(WebhookGate.MAX_TIMEOUT.toSeconds()),
                Math.toIntExact(defaultTimeout.toSeconds()));
        return new Webhook(
                common.name(),
                common.on(),
                url,
                method,
                headers(options, authentication),
                Duration.ofSeconds(timeout),
                contentType,
                format,
                common.template(),
                options.oneOf("compression", Compression.class, Compression.NONE),
                retryPolicy(options),
                authentication,
                signingSecret);
    }

    private static Stdio stdio(DestinationFields options, Common common) {
        String prefix = options.text("prefix", MAX_PREFIX);
        if (prefix != null) {
            template(options, "prefix", prefix, Place.PREFIX);
            if (CONTROL.matcher(prefix).find()) {
                options.fault("prefix", "has a control character");
            }
        }
        OutputFormat format = format(options);
        bodyTemplate(options, common, format);
        return new Stdio(
                common.name(),
                common.on(),
                options.oneOf("stream", StdioStream.class, StdioStream.STDOUT),
                format,
                common.template(),
                options.has("includeMetadata") ? options.flag("includeMetadata", true) : null,
                options.flag("lineBuffered", true),
                prefix);
    }

    private static OutputFormat format(DestinationFields options) {
        JsonNode given = options.find("format");
        if (given != null && given.isString() && given.stringValue().equalsIgnoreCase("compact_json")) {
            return OutputFormat.JSON_COMPACT;
        }
        return options.oneOf("format", OutputFormat.class, OutputFormat.JSON);
    }

    private static int permissions(DestinationFields options) {
        JsonNode given = options.find("permissions");
        if (given == null) {
            return Filesystem.DEFAULT_PERMISSIONS;
        }
        // A YAML author who writes 644 means the digits.
        var matcher = PERMISSIONS.matcher(given.isString() || given.isIntegralNumber() ? given.asString() : "");
        if (!matcher.matches()) {
            options.fault("permissions", "must be three octal digits, such as \"644\"");
            return Filesystem.DEFAULT_PERMISSIONS;
        }
        return Integer.parseInt(matcher.group(1), 8);
    }

    private static void url(DestinationFields options, String url) {
        if (url.isBlank()) {
            return;
        }
        template(options, "url", url, Place.URL);
        if (url.contains(SecretText.MASK)) {
            options.fault("url", "holds a masked value; send the URL itself");
        } else if (!url.startsWith("http://") && !url.startsWith("https://")) {
            options.fault("url", "must begin with http:// or https://");
        } else if (url.replaceFirst("^https?://", "").split("[/?#]", 2)[0].indexOf('@') >= 0) {
            options.fault("url", "carries credentials; accepted are URLs without, and the option authentication");
        } else if (!Templates.isTemplate(url) && WhatwgUrl.parse(url).isEmpty()) {
            options.fault("url", "cannot be read as a URL");
        }
    }

    private static List<Header> headers(DestinationFields options, @Nullable WebhookAuthentication authentication) {
        DestinationFields given = options.object("headers");
        if (given == null) {
            return List.of();
        }
        Set<String> taken = new HashSet<>(NOT_ONES_OWN);
        taken.add(WebhookSignature.ID_HEADER);
        taken.add(WebhookSignature.TIMESTAMP_HEADER);
        taken.add(WebhookSignature.SIGNATURE_HEADER);
        if (authentication instanceof WebhookAuthentication.ApiKey key) {
            taken.add(key.headerName().toLowerCase(Locale.ROOT));
        } else if (authentication != null) {
            taken.add("authorization");
        }
        List<Header> headers = new ArrayList<>();
        given.strings().forEach((name, value) -> {
            if (name.length() > MAX_HEADER_NAME || !HEADER_NAME.matcher(name).matches()) {
                given.fault(name, "is not the name of a header of at most " + MAX_HEADER_NAME + " characters");
            } else if (!taken.add(name.toLowerCase(Locale.ROOT))) {
                given.fault(name, "is set by the delivery itself, or stands here twice");
            }
            if (value.length() > MAX_HEADER_VALUE || CONTROL.matcher(value).find()) {
                given.fault(name, "must have at most " + MAX_HEADER_VALUE + " characters and no control characters");
            } else if (value.contains(SecretText.MASK)) {
                given.fault(name, "is a masked value; send the value itself");
            }
            template(given, name, value, Place.HEADER);
            headers.add(new Header(name, value));
        });
        if (headers.size() > MAX_HEADERS) {
            options.fault("headers", "has " + headers.size() + " headers; accepted are at most " + MAX_HEADERS);
        }
        return headers;
    }

    private static @Nullable WebhookAuthentication authentication(DestinationFields options) {
        String field = options.has("auth") ? "auth" : "authentication";
        DestinationFields given = options.object(field);
        if (given == null) {
            return null;
        }
        String typeField = given.has("type") ? "type" : "authType";
        String type = given.required(typeField, MAX_NAME).toLowerCase(Locale.ROOT);
        WebhookAuthentication read =
                switch (type) {
                    case "bearer" -> {
                        DestinationFields at = within(given, "bearer");
                        SecretText token = secret(at, "token", MAX_TOKEN, true);
                        refuseOthers(given, at);
                        yield token == null ? null : new WebhookAuthentication.Bearer(token);
                    }
                    case "basic" -> {
                        DestinationFields at = within(given, "basic");
                        String username = at.required("username", MAX_BASIC);
                        template(at, "username", username, Place.HEADER);
                        if (username.indexOf(':') >= 0) {
                            at.fault("username", "has a colon, which Basic authentication cannot carry");
                        }
                        SecretText password = secret(at, "password", MAX_BASIC, true);
                        refuseOthers(given, at);
                        yield password == null ? null : new WebhookAuthentication.Basic(username, password);
                    }
                    case "api_key", "apikey" -> {
                        DestinationFields at = within(given, "apiKey");
                        SecretText key = secret(at, "key", MAX_TOKEN, true);
                        String header = at.text("headerName", MAX_HEADER_NAME);
                        if (header != null
                                && (!HEADER_NAME.matcher(header).matches()
                                        || NOT_ONES_OWN.contains(header.toLowerCase(Locale.ROOT)))) {
                            at.fault("headerName", "is not the name of a header one may set");
                        }
                        refuseOthers(given, at);
                        yield key == null
                                ? null
                                : new WebhookAuthentication.ApiKey(
                                        key, header == null ? WebhookAuthentication.ApiKey.DEFAULT_HEADER : header);
                    }
                    default -> {
                        if (!type.isBlank()) {
                            given.fault(typeField, "is unknown; accepted: bearer, basic, api_key");
                        }
                        yield null;
                    }
                };
        return read;
    }

    /** The API puts the parts of an authentication into an object of its own, the configuration beside the type. */
    private static DestinationFields within(DestinationFields given, String name) {
        DestinationFields inner = given.object(name);
        return inner == null ? given : inner;
    }

    private static void refuseOthers(DestinationFields outer, DestinationFields inner) {
        inner.refuseOthers();
        if (inner != outer) {
            outer.refuseOthers();
        }
    }

    private static @Nullable SecretText secret(DestinationFields fields, String name, int maxLength, boolean required) {
        if (!required && !fields.has(name)) {
            return null;
        }
        String text = fields.required(name, maxLength);
        if (text.equals(SecretText.MASK)) {
            fields.fault(name, "is a masked value; send the secret itself");
        } else if (CONTROL.matcher(text).find()) {
            fields.fault(name, "has a control character");
        }
        try {
            Templates.check(text, Place.HEADER);
        } catch (TemplateException e) {
            fields.fault(name, "the template " + TemplateException.OF_A_SECRET);
        }
        return text.isEmpty() ? null : new SecretText(text);
    }

    private static @Nullable DeliveryRetryPolicy retryPolicy(DestinationFields options) {
        DestinationFields given = options.object("retryPolicy");
        if (given == null) {
            return null;
        }
        DeliveryRetryPolicy absent = DeliveryRetryPolicy.DEFAULT;
        int attempts = given.integer("maxAttempts", 1, DeliveryRetryPolicy.MAX_ATTEMPTS, absent.maxAttempts());
        int initial = given.integer("initialDelaySeconds", 0, MAX_DELAY_SECONDS, 1);
        int max = given.integer("maxDelaySeconds", 0, MAX_DELAY_SECONDS, Math.max(60, initial));
        double multiplier =
                given.number("backoffMultiplier", 1, DeliveryRetryPolicy.MAX_MULTIPLIER, absent.backoffMultiplier());
        if (max < initial) {
            given.fault("maxDelaySeconds", "must be at least initialDelaySeconds (" + initial + ")");
            max = initial;
        }
        given.refuseOthers();
        return new DeliveryRetryPolicy(attempts, Duration.ofSeconds(initial), Duration.ofSeconds(max), multiplier);
    }

    private static void bodyTemplate(DestinationFields options, Common common, OutputFormat format) {
        if (common.template() != null) {
            try {
                Templates.check(common.template(), Rendering.bodyPlace(format));
            } catch (TemplateException e) {
                options.fault("template: the template " + e.text());
            }
        }
    }

    private static void template(DestinationFields options, String field, String text, Place place) {
        try {
            Templates.check(text, place);
        } catch (TemplateException e) {
            options.fault(field, "the template " + e.text());
        }
    }

    private static ObjectNode written(OutputDestination destination, boolean mask) {
        ObjectNode node = Json.object();
        putPresent(node, "name", destination.name());
        node.put("on", destination.on().wireName());
        node.put("destinationType", destination.type());
        ObjectNode options =
                switch (destination) {
                    case Filesystem file -> {
                        putPresent(node, "template", file.template());
                        yield written(file);
                    }
                    case Webhook webhook -> {
                        putPresent(node, "template", webhook.template());
                        yield written(webhook, mask);
                    }
                    case Stdio stdio -> {
                        putPresent(node, "template", stdio.template());
                        yield written(stdio);
                    }
                };
        node.set(destination.type(), options);
        return node;
    }

    private static ObjectNode written(Filesystem file) {
        ObjectNode options = Json.object();
        options.put("path", file.path());
        options.put("format", file.format().name());
        options.put("compression", file.compression().name());
        options.put("permissions", String.format(Locale.ROOT, "%03o", file.permissions()));
        options.put("createDirs", file.createDirs());
        options.put("overwrite", file.overwrite());
        options.put("backupExisting", file.backupExisting());
        return options;
    }

    private static ObjectNode written(Webhook webhook, boolean mask) {
        ObjectNode options = Json.object();
        options.put("url", mask ? maskedQuery(webhook.url()) : webhook.url());
        options.put("method", webhook.method().name());
        ObjectNode headers = Json.object();
        for (Header header : webhook.headers()) {
            boolean secret =
                    SECRET_NAME.matcher(header.name().toLowerCase(Locale.ROOT)).find();
            headers.put(header.name(), mask && secret ? SecretText.MASK : header.value());
        }
        options.set("headers", headers);
        options.put("timeoutSeconds", webhook.timeout().toSeconds());
        putPresent(options, "contentType", webhook.contentType());
        options.put("format", webhook.format().name());
        options.put("compression", webhook.compression().name());
        if (webhook.retryPolicy() != null) {
            options.set("retryPolicy", written(webhook.retryPolicy()));
        }
        if (webhook.authentication() != null) {
            options.set("authentication", written(webhook.authentication(), mask));
        }
        if (webhook.signingSecret() != null) {
            options.put("signingSecret", shown(webhook.signingSecret(), mask));
        }
        return options;
    }

    private static ObjectNode written(Stdio stdio) {
        ObjectNode options = Json.object();
        options.put("stream", stdio.stream().name().toLowerCase(Locale.ROOT));
        options.put("format", stdio.format().name());
        if (stdio.includeMetadata() != null) {
            options.put("includeMetadata", stdio.includeMetadata());
        }
        options.put("lineBuffered", stdio.lineBuffered());
        putPresent(options, "prefix", stdio.prefix());
        return options;
    }

    private static ObjectNode written(DeliveryRetryPolicy policy) {
        ObjectNode node = Json.object();
        node.put("maxAttempts", policy.maxAttempts());
        node.put("initialDelaySeconds", policy.initialDelay().toSeconds());
        node.put("maxDelaySeconds", policy.maxDelay().toSeconds());
        node.put("backoffMultiplier", policy.backoffMultiplier());
        return node;
    }

    private static ObjectNode written(WebhookAuthentication authentication, boolean mask) {
        ObjectNode node = Json.object();
        ObjectNode parts = Json.object();
        switch (authentication) {
            case WebhookAuthentication.Bearer bearer -> {
                node.put("authType", "bearer");
                node.set("bearer", parts.put("token", shown(bearer.token(), mask)));
            }
            case WebhookAuthentication.Basic basic -> {
                node.put("authType", "basic");
                parts.put("username", basic.username());
                node.set("basic", parts.put("password", shown(basic.password(), mask)));
            }
            case WebhookAuthentication.ApiKey key -> {
                node.put("authType", "api_key");
                parts.put("key", shown(key.key(), mask));
                node.set("apiKey", parts.put("headerName", key.headerName()));
            }
        }
        return node;
    }

    private static String shown(SecretText secret, boolean mask) {
        return mask ? SecretText.MASK : secret.value();
    }

    /** Values in a query are often keys. */
    private static String maskedQuery(String url) {
        int query = url.indexOf('?');
        return query < 0
                ? url
                : url.substring(0, query) + url.substring(query).replaceAll("=[^&#]+", "=" + SecretText.MASK);
    }

    private static void putPresent(ObjectNode node, String name, @Nullable String value) {
        if (value != null) {
            node.put(name, value);
        }
    }
}

package dev.ratchet.cli;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.KnownNames;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.execution.WorkerPoolSettings.Graces;
import dev.ratchet.execution.http.HttpSettings;
import dev.ratchet.execution.http.HttpSettings.ConnectionPool;
import dev.ratchet.execution.http.HttpSettings.Proxy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The part of the configuration file that matters to a single command: the blocks {@code execution} and {@code http},
 * with the documented {@code RATCHET_…} variables over them. The blocks of the server are left to the server.
 *
 * @param wallTime {@code execution.max_execution_duration} or {@code RATCHET_MAX_EXECUTION_SECONDS}: the wall time of
 *     tasks that declare none; empty means the built-in default
 * @param grace {@code execution.timeout_grace_period}: how long a stopped task may tidy up; empty means the default
 * @param validateSchemas {@code execution.validate_schemas} or {@code RATCHET_VALIDATE_SCHEMAS}
 * @param workerProfile {@code execution.worker_profile}: {@code auto}, {@code quick} or {@code jit}
 * @param http the {@code http} block
 * @param allowedPrivateHosts {@code http.allowed_private_hosts}: hosts granted as by {@code --allow-net}
 */
record CliConfig(
        Optional<Duration> wallTime,
        Optional<Duration> grace,
        boolean validateSchemas,
        String workerProfile,
        HttpSettings http,
        Set<String> allowedPrivateHosts) {

    private static final int MAX_FILE_BYTES = 1024 * 1024;

    private static final Set<String> BLOCKS =
            Set.of("execution", "http", "cache", "logging", "output", "server", "registry", "mcp");

    private static final Set<String> EXECUTION_KEYS = Set.of(
            "max_execution_duration",
            "max_duration",
            "validate_schemas",
            "max_concurrent_tasks",
            "timeout_grace_period",
            "fetch_variables",
            "worker_profile");

    private static final Set<String> HTTP_KEYS = Set.of(
            "timeout",
            "max_redirects",
            "user_agent",
            "verify_ssl",
            "connection_pool",
            "proxy",
            "max_header_count",
            "max_header_bytes",
            "allowed_private_hosts");

    private static final Set<String> POOL_KEYS = Set.of("max_idle_per_host", "idle_timeout", "connection_timeout");
    private static final Set<String> PROXY_KEYS = Set.of("http_proxy", "https_proxy", "no_proxy");
    private static final Set<String> PROFILES = new TreeSet<>(Set.of("auto", "quick", "jit"));

    /**
     * Reads the file, if one is given, and the environment.
     *
     * @throws RatchetException when something in them cannot be understood; all problems at once
     */
    static CliConfig load(Optional<Path> file, Map<String, String> environment) {
        String source = file.map(Path::toString).orElse("environment");
        JsonNode document = file.map(CliConfig::parse).orElseGet(JsonNodeFactory.instance::objectNode);
        Reader reader = new Reader(source, environment);
        CliConfig config = reader.read(document);
        if (!reader.problems.isEmpty()) {
            throw new RatchetException(
                    ErrorCode.BAD_REQUEST,
                    "the configuration cannot be used",
                    reader.problems.stream().sorted().toList());
        }
        return config;
    }

    private static JsonNode parse(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                throw new RatchetException(
                        ErrorCode.BAD_REQUEST, file + " is larger than " + MAX_FILE_BYTES + " bytes");
            }
            JsonNode document = new YAMLMapper().readTree(bytes);
            return document == null || document.isMissingNode() || document.isNull()
                    ? JsonNodeFactory.instance.objectNode()
                    : document;
        } catch (NoSuchFileException e) {
            throw new RatchetException(ErrorCode.NOT_FOUND, "there is no configuration file " + file, e);
        } catch (IOException e) {
            throw new RatchetException(ErrorCode.IO_ERROR, file + " cannot be read: " + e.getMessage(), e);
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String position = at == null ? "" : at.getLineNr() + ":" + at.getColumnNr();
            throw new RatchetException(
                    ErrorCode.BAD_REQUEST,
                    "the configuration cannot be used",
                    List.of(new Problem(
                            file.toString(), position, "neither YAML nor JSON: " + e.getOriginalMessage())));
        }
    }

    /** Takes values out of the tree and keeps the problems. */
    private static final class Reader {
        private final String source;
        private final Map<String, String> environment;
        private final List<Problem> problems = new ArrayList<>();

        Reader(String source, Map<String, String> environment) {
            this.source = source;
            this.environment = environment;
        }

        CliConfig read(JsonNode document) {
            known("", document, BLOCKS);
            JsonNode execution = document.path("execution");
            known("/execution", execution, EXECUTION_KEYS);
            String durationKey = execution.has("max_duration") ? "max_duration" : "max_execution_duration";
            Duration wallTime = seconds("/execution", execution, durationKey, "RATCHET_MAX_EXECUTION_SECONDS", null);
            Duration grace = seconds("/execution", execution, "timeout_grace_period", null, null);
            if (grace != null && grace.compareTo(Graces.LONGEST) > 0) {
                problem(
                        "/execution/timeout_grace_period",
                        "is too long; accepted: at most " + Graces.LONGEST.toSeconds() + " seconds");
            }
            boolean validateSchemas =
                    bool("/execution", execution, "validate_schemas", "RATCHET_VALIDATE_SCHEMAS", true);
            String profile = text("/execution", execution, "worker_profile", null, "auto");
            if (!PROFILES.contains(profile)) {
                problem("/execution/worker_profile", KnownNames.unknown("profile", profile, PROFILES));
            }
            JsonNode http = document.path("http");
            known("/http", http, HTTP_KEYS);
            return new CliConfig(
                    Optional.ofNullable(wallTime),
                    Optional.ofNullable(grace),
                    validateSchemas,
                    profile,
                    http(http),
                    hosts(http));
        }

        private HttpSettings http(JsonNode http) {
            HttpSettings defaults = HttpSettings.DEFAULTS;
            ConnectionPool pool = defaults.connectionPool();
            JsonNode poolNode = http.path("connection_pool");
            known("/http/connection_pool", poolNode, POOL_KEYS);
            JsonNode proxyNode = http.path("proxy");
            known("/http/proxy", proxyNode, PROXY_KEYS);
            String poolAt = "/http/connection_pool";
            try {
                return new HttpSettings(
                        required(seconds("/http", http, "timeout", "RATCHET_HTTP_TIMEOUT", defaults.timeout())),
                        integer("/http", http, "max_redirects", defaults.maxRedirects()),
                        text("/http", http, "user_agent", "RATCHET_HTTP_USER_AGENT", defaults.userAgent()),
                        bool("/http", http, "verify_ssl", "RATCHET_HTTP_VERIFY_SSL", defaults.verifySsl()),
                        new ConnectionPool(
                                integer(poolAt, poolNode, "max_idle_per_host", pool.maxIdlePerHost()),
                                required(seconds(poolAt, poolNode, "idle_timeout", null, pool.idleTimeout())),
                                required(seconds(
                                        poolAt, poolNode, "connection_timeout", null, pool.connectionTimeout()))),
                        new Proxy(
                                optionalText("/http/proxy", proxyNode, "http_proxy"),
                                optionalText("/http/proxy", proxyNode, "https_proxy"),
                                optionalText("/http/proxy", proxyNode, "no_proxy")),
                        integer("/http", http, "max_header_count", defaults.maxHeaderCount()),
                        integer("/http", http, "max_header_bytes", defaults.maxHeaderBytes()));
            } catch (IllegalArgumentException e) {
                problem("/http", String.valueOf(e.getMessage()));
                return defaults;
            }
        }

        private Set<String> hosts(JsonNode http) {
            Set<String> hosts = new TreeSet<>();
            JsonNode list = http.path("allowed_private_hosts");
            if (!list.isMissingNode() && !list.isArray()) {
                problem("/http/allowed_private_hosts", "must be a list of host names");
            }
            for (int i = 0; i < list.size(); i++) {
                String host = list.get(i).asString("");
                Optional<String> fault = NetGrant.fault(host);
                fault.ifPresent(message -> problem("/http/allowed_private_hosts", message));
                hosts.add(host.toLowerCase(Locale.ROOT));
            }
            return hosts;
        }

        private void known(String pointer, JsonNode node, Set<String> keys) {
            if (node.isMissingNode() || node.isNull()) {
                return;
            }
            if (!node.isObject()) {
                problem(pointer, "must be a mapping of keys to values");
                return;
            }
            for (String key : node.propertyNames()) {
                if (!keys.contains(key)) {
                    problem(pointer + "/" + key, KnownNames.unknown("key", key, keys));
                }
            }
        }

        private @Nullable Duration seconds(
                String pointer, JsonNode node, String key, @Nullable String variable, @Nullable Duration fallback) {
            String value = value(node, key, variable);
            if (value == null) {
                return fallback;
            }
            try {
                Duration duration = value.startsWith("P") || value.startsWith("p")
                        ? Duration.parse(value)
                        : Duration.ofMillis(Math.round(Double.parseDouble(value) * 1000));
                if (duration.isPositive() && duration.compareTo(Duration.ofDays(1)) <= 0) {
                    return duration;
                }
            } catch (DateTimeParseException | NumberFormatException e) {
                // Said below, together with what is out of range.
            }
            problem(
                    pointer + "/" + key,
                    variable,
                    "'" + value
                            + "' is no duration; accepted: seconds above 0 such as 30 or 0.5, or ISO 8601 such as PT30S,"
                            + " at most a day");
            return fallback;
        }

        private static Duration required(@Nullable Duration duration) {
            return Objects.requireNonNull(duration);
        }

        private int integer(String pointer, JsonNode node, String key, int fallback) {
            JsonNode value = node.path(key);
            if (value.isMissingNode() || value.isNull()) {
                return fallback;
            }
            if (!value.isIntegralNumber() || !value.canConvertToInt()) {
                problem(pointer + "/" + key, "must be a whole number, not " + value);
                return fallback;
            }
            return value.intValue();
        }

        private boolean bool(String pointer, JsonNode node, String key, @Nullable String variable, boolean fallback) {
            String value = value(node, key, variable);
            if (value == null) {
                return fallback;
            }
            if (!value.equals("true") && !value.equals("false")) {
                problem(pointer + "/" + key, variable, "must be true or false, not '" + value + "'");
            }
            return value.equals("true");
        }

        private String text(String pointer, JsonNode node, String key, @Nullable String variable, String fallback) {
            JsonNode value = node.path(key);
            if (!value.isMissingNode() && !value.isNull() && !value.isString()) {
                problem(pointer + "/" + key, "must be a text, not " + value);
                return fallback;
            }
            String found = value(node, key, variable);
            return found == null ? fallback : found;
        }

        private @Nullable String optionalText(String pointer, JsonNode node, String key) {
            JsonNode value = node.path(key);
            if (value.isMissingNode() || value.isNull()) {
                return null;
            }
            if (!value.isString()) {
                problem(pointer + "/" + key, "must be a text or null");
                return null;
            }
            return value.stringValue();
        }

        private @Nullable String value(JsonNode node, String key, @Nullable String variable) {
            if (variable != null) {
                String override = environment.get(variable);
                if (override != null) {
                    return override;
                }
            }
            JsonNode value = node.path(key);
            if (value.isMissingNode() || value.isNull()) {
                return null;
            }
            return value.isValueNode() ? value.asString() : value.toString();
        }

        /** With a value that an environment variable gave if there is one. */
        private void problem(String pointer, @Nullable String variable, String message) {
            if (variable != null && environment.containsKey(variable)) {
                problems.add(Problem.of(variable, message));
            } else {
                problem(pointer, message);
            }
        }

        private void problem(String pointer, String message) {
            problems.add(new Problem(source, pointer, message));
        }
    }
}

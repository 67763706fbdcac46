package dev.ratchet.cli.config;

import dev.ratchet.cli.config.Key.Secrecy;
import dev.ratchet.cli.config.Key.Use;
import dev.ratchet.execution.WorkerPoolSettings.Graces;
import dev.ratchet.execution.http.HttpSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Every key there is. Whoever adds a setting adds it here and to the record that carries it, and the manual, the
 * variables, {@code config show} and the checks follow.
 */
final class Keys {
    /** Stands for {@code server.data_dir} in the paths that may lie in it. */
    static final String DATA_DIR_PLACEHOLDER = "{data_dir}";

    private static final long KIB = 1024;
    private static final long MIB = 1024 * KIB;
    private static final long GIB = 1024 * MIB;
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration MONTH = Duration.ofDays(31);

    private static final Pattern PERMISSIONS = Pattern.compile("0?[0-7]{3}");
    private static final Pattern DOMAIN = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?");
    private static final Pattern METHOD = Pattern.compile("[A-Z]{1,20}");
    private static final Pattern HEADER = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}");
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9.:_\\[\\]-]{1,253}");

    private static final Type<Boolean> FLAG = new Type.Flag();
    private static final Type<JsonNode> ANYTHING = new Type.Anything();

    // Filled by the declarations below, in their order; the same class closes it at its end.
    private static final List<Key<?>> DECLARED = new ArrayList<>();

    // execution

    static final Key<Duration> MAX_EXECUTION_DURATION = add(Key.of(
                    "execution.max_execution_duration",
                    seconds(Duration.ofMillis(1), DAY),
                    Duration.ofSeconds(60),
                    "wall time of tasks that declare none; `--timeout` of a command wins over it, and a replay has the"
                            + " recorded limits")
            .alias("execution.max_duration")
            .variable("MAX_EXECUTION_SECONDS"));

    static final Key<Boolean> VALIDATE_SCHEMAS = add(Key.of(
                    "execution.validate_schemas",
                    FLAG,
                    true,
                    "whether input and output are checked against the task's schemas")
            .variable("VALIDATE_SCHEMAS"));

    static final Key<Integer> MAX_CONCURRENT_TASKS = add(Key.of(
            "execution.max_concurrent_tasks",
            whole(1, 10_000),
            10,
            "jobs that a server has in hand at the same time; as many run as there are workers times slots"));

    static final Key<Duration> TIMEOUT_GRACE_PERIOD = add(Key.of(
            "execution.timeout_grace_period",
            seconds(Duration.ofMillis(1), Graces.LONGEST),
            Graces.DEFAULTS.abort(),
            "how long a stopped task may tidy up after its abort signal"));

    static final Key<String> WORKER_PROFILE = add(Key.of(
            "execution.worker_profile",
            choice("auto", "jit", "quick"),
            "auto",
            "`quick` (interpreter, fast start), `jit` (optimising compiler) or `auto`: quick for single commands; in a"
                    + " server jit for tasks that compute and quick for the others, as their runs show"));

    static final Key<Integer> WORKERS = add(Key.optional(
            "execution.workers",
            whole(1, 1024),
            "number of processors",
            "worker processes that a server runs tasks in at the same time"));

    static final Key<Integer> SPARES = add(Key.of(
            "execution.spares", whole(0, 64), 1, "idle workers kept ready on top, so that no task waits for a start"));

    static final Key<Integer> SLOTS = add(Key.of(
            "execution.slots",
            whole(1, 64),
            1,
            "runs of one task that may share a worker; with more than 1 a crash takes the neighbours along"));

    static final Key<String> ISOLATION = add(Key.of(
            "execution.isolation",
            choice("context", "process"),
            "context",
            "`context`: each run has a fresh JavaScript context in a worker that is used again; `process`: each run has a"
                    + " worker process of its own, which is slower"));

    static final Key<Integer> RECYCLE_AFTER_RUNS = add(Key.of(
            "execution.recycle_after_runs", whole(1, 10_000_000), 1_000_000, "runs after which a worker is replaced"));

    static final Key<Duration> RECYCLE_AFTER = add(Key.of(
            "execution.recycle_after",
            seconds(Duration.ofSeconds(1), Duration.ofDays(30)),
            HOUR,
            "age at which a worker is replaced"));

    static final Key<String> RECORDING = add(Key.of(
            "execution.recording",
            choice("all", "failures", "none"),
            "all",
            "which runs of a server are recorded, so that they can be replayed"));

    static final Key<Boolean> HEARTBEAT_ENABLED = add(Key.of(
            "execution.heartbeat.enabled", FLAG, true, "whether a server runs its own heartbeat task by schedule"));

    static final Key<String> HEARTBEAT_CRON = add(Key.of(
            "execution.heartbeat.cron", text(200, "a cron expression", Keys::cron), "*/5 * * * *", "its schedule"));

    static {
        for (String name : List.of("url_var", "params_var", "body_var", "result_var", "temp_result_var")) {
            add(foreign("execution.fetch_variables." + name, "names inside another engine"));
        }
    }

    // http

    static final Key<Duration> HTTP_TIMEOUT = add(Key.of(
            "http.timeout",
            seconds(Duration.ofMillis(1), HOUR),
            HttpSettings.DEFAULTS.timeout(),
            "one request, from name resolution to the last byte"));

    static final Key<Integer> HTTP_MAX_REDIRECTS =
            add(Key.of("http.max_redirects", whole(0, 50), HttpSettings.DEFAULTS.maxRedirects(), "redirects followed"));

    static final Key<String> HTTP_USER_AGENT = add(Key.of(
            "http.user_agent",
            text(256, "printable ASCII", Keys::printable),
            HttpSettings.DEFAULTS.userAgent(),
            "sent where the task sets none"));

    static final Key<Boolean> HTTP_VERIFY_SSL =
            add(Key.of("http.verify_ssl", FLAG, true, "whether certificates and names are checked"));

    static final Key<Integer> HTTP_MAX_IDLE_PER_HOST = add(Key.of(
            "http.connection_pool.max_idle_per_host",
            whole(0, 1000),
            HttpSettings.DEFAULTS.connectionPool().maxIdlePerHost(),
            "idle connections kept per host"));

    static final Key<Duration> HTTP_IDLE_TIMEOUT = add(Key.of(
            "http.connection_pool.idle_timeout",
            seconds(Duration.ofMillis(1), HOUR),
            HttpSettings.DEFAULTS.connectionPool().idleTimeout(),
            "how long an idle connection is kept"));

    static final Key<Duration> HTTP_CONNECTION_TIMEOUT = add(Key.of(
            "http.connection_pool.connection_timeout",
            seconds(Duration.ofMillis(1), HOUR),
            HttpSettings.DEFAULTS.connectionPool().connectionTimeout(),
            "TCP connection, and again TLS handshake"));

    static final Key<String> HTTP_PROXY = add(Key.optional(
                    "http.proxy.http_proxy",
                    text(2048, "a URL http://[user:password@]host[:port]"),
                    "none",
                    "proxy for `http` URLs; see [config/proxy.yaml](../config/proxy.yaml)")
            .secrecy(Secrecy.URL));

    static final Key<String> HTTPS_PROXY = add(Key.optional(
                    "http.proxy.https_proxy",
                    text(2048, "a URL http://[user:password@]host[:port]"),
                    "none",
                    "proxy for `https` URLs")
            .secrecy(Secrecy.URL));

    static final Key<String> NO_PROXY = add(Key.optional(
            "http.proxy.no_proxy",
            text(8192, "a comma-separated list of hosts"),
            "none",
            "what is reached directly: `*`, host names, addresses and CIDR blocks, parted by commas"));

    static final Key<Integer> HTTP_MAX_HEADER_COUNT = add(Key.of(
            "http.max_header_count",
            whole(1, 1000),
            HttpSettings.DEFAULTS.maxHeaderCount(),
            "most header fields of a message"));

    static final Key<Integer> HTTP_MAX_HEADER_BYTES = add(Key.of(
            "http.max_header_bytes",
            whole(256, 65_536),
            HttpSettings.DEFAULTS.maxHeaderBytes(),
            "most bytes of one header field"));

    static final Key<List<String>> ALLOWED_PRIVATE_HOSTS = add(Key.of(
            "http.allowed_private_hosts",
            texts(253, "a host name or an IP address", NetGrant::fault),
            List.of(),
            "hosts granted as by `--allow-net`"));

    // cache

    static final Key<Boolean> CACHE_ENABLED =
            add(Key.of("cache.enabled", FLAG, true, "switches all caches of results and answers off at once"));

    static {
        add(foreign("cache.task_cache.cache_type", "kind of a store that has only one kind here"));
    }

    static final Key<Integer> TASK_CACHE_SIZE = add(Key.of(
                    "cache.task_cache.task_content_cache_size",
                    whole(1, 100_000),
                    100,
                    "task versions and compiled schemas kept in memory")
            .variable("CACHE_SIZE"));

    static final Key<Long> TASK_CACHE_BYTES =
            add(Key.of("cache.task_cache.memory_limit_bytes", bytes(MIB, 16 * GIB), 64 * MIB, "most memory for them"));

    static final Key<Duration> TASK_CACHE_TTL = add(Key.of(
            "cache.task_cache.ttl", seconds(Duration.ofSeconds(1), MONTH), HOUR, "how long an unused one is kept"));

    static final Key<Boolean> HTTP_CACHE_ENABLED = add(Key.of(
            "cache.http_cache.enabled",
            FLAG,
            true,
            "whether answers to tasks that ask for it (`httpCache`) are cached"));

    static final Key<Long> HTTP_CACHE_BYTES =
            add(Key.of("cache.http_cache.max_size_bytes", bytes(64 * KIB, 16 * GIB), 10 * MIB, "size of that cache"));

    static final Key<Duration> HTTP_CACHE_TTL = add(Key.of(
            "cache.http_cache.default_ttl",
            seconds(Duration.ZERO, MONTH),
            Duration.ofMinutes(5),
            "freshness of answers that state none"));

    static final Key<Boolean> HTTP_CACHE_CONTROL = add(Key.of(
            "cache.http_cache.respect_cache_control", FLAG, true, "whether `Cache-Control` of answers is obeyed"));

    static final Key<Boolean> RESULT_CACHE_ENABLED = add(Key.of(
            "cache.result_cache.enabled", FLAG, true, "whether results of tasks that ask for it (`cache`) are cached"));

    static final Key<Boolean> RESULT_CACHE_ONLY_SUCCESS =
            add(Key.of("cache.result_cache.cache_only_success", FLAG, true, "whether failures are kept out of it"));

    static final Key<Integer> RESULT_CACHE_ENTRIES =
            add(Key.of("cache.result_cache.max_entries", whole(1, 1_000_000), 1000, "results kept"));

    static final Key<Duration> RESULT_CACHE_TTL = add(Key.of(
            "cache.result_cache.ttl",
            seconds(Duration.ofSeconds(1), MONTH),
            Duration.ofMinutes(30),
            "longest time a result is kept; a task may ask for less"));

    // logging

    private static final Type<String> LEVEL = choice("trace", "debug", "info", "warn", "error");

    static final Key<String> LOG_LEVEL =
            add(Key.of("logging.level", LEVEL, "info", "least severe line of a server's log")
                    .variable("LOG_LEVEL"));

    static final Key<String> LOG_FORMAT = add(Key.of(
                    "logging.format",
                    choice("text", "json", "compact", "pretty"),
                    "text",
                    "how a server's log looks; `json` is one object per line")
            .variable("LOG_FORMAT"));

    static final Key<Boolean> LOG_LOCATION =
            add(Key.of("logging.include_location", FLAG, false, "whether lines say which class wrote them"));

    static final Key<Boolean> LOG_STRUCTURED =
            add(Key.of("logging.structured", FLAG, true, "whether lines carry their key-value pairs"));

    static final Key<String> TARGET_TYPE = add(Key.optional(
            "logging.targets[].type",
            choice("console", "file", "syslog"),
            "required",
            "`console` (standard error) or `file`; `syslog` is accepted and not used. Without `targets`: one console"));

    static final Key<String> TARGET_LEVEL =
            add(Key.optional("logging.targets[].level", LEVEL, "`logging.level`", "least severe line of this target"));

    static final Key<String> TARGET_PATH =
            add(Key.optional("logging.targets[].path", path(), "required for `file`", "the file"));

    static final Key<Long> TARGET_BYTES = add(Key.of(
            "logging.targets[].max_size_bytes",
            bytes(64 * KIB, 16 * GIB),
            10 * MIB,
            "size at which a file is rotated"));

    static final Key<Integer> TARGET_FILES =
            add(Key.of("logging.targets[].max_files", whole(1, 1000), 5, "files kept of it"));

    static {
        add(foreign("logging.targets[].facility", "of syslog"));
        add(foreign("logging.targets[].ident", "of syslog"));
    }

    // output

    static final Key<Integer> MAX_CONCURRENT_DELIVERIES = add(
            Key.of("output.max_concurrent_deliveries", whole(1, 1000), 10, "deliveries under way at the same time"));

    static final Key<Duration> OUTPUT_TIMEOUT = add(Key.of(
            "output.default_timeout",
            seconds(Duration.ofSeconds(1), Duration.ofMinutes(5)),
            Duration.ofSeconds(30),
            "one attempt of a delivery that states no time"));

    static final Key<Boolean> VALIDATE_ON_STARTUP = add(Key.of(
            "output.validate_on_startup",
            FLAG,
            true,
            "whether a faulty global destination stops the start; else it is warned of and left out"));

    static final Key<String> OUTPUT_ROOT = add(Key.of(
            "output.root",
            path(),
            DATA_DIR_PLACEHOLDER + "/output",
            "the folder that filesystem destinations cannot leave"));

    static final Key<String> DESTINATION_NAME = add(Key.optional(
            "output.global_destinations[].name", text(100, "a name"), "required", "name of a global destination"));

    static final Key<String> DESTINATION_DESCRIPTION = add(
            Key.optional("output.global_destinations[].description", text(1000, "a text"), "none", "what it is for"));

    /** What the keys of a destination begin with. */
    static final String TO = "output.global_destinations[].destination.";

    static final Key<String> DESTINATION_TYPE = add(Key.optional(
            TO + "type",
            choice("filesystem", "webhook", "stdio", "database", "s3"),
            "required",
            "where every finished job is delivered to besides its own destinations; `database` and `s3` are accepted and"
                    + " not used"));

    static final Key<String> DESTINATION_ON = add(Key.of(
                    "output.global_destinations[].on",
                    choice("success", "failure", "always"),
                    "success",
                    "which ends of a job it is told of")
            .alias(TO + "on"));

    static final Key<String> DESTINATION_PATH = add(Key.optional(
            TO + "path",
            text(4096, "a path, which may be a template"),
            "required for `filesystem`",
            "file below `output.root`, as a template"));

    static final Key<String> DESTINATION_FORMAT = add(Key.of(
            TO + "format", choice("json", "json_compact", "yaml", "csv", "xml", "raw"), "json", "form of the output"));

    static final Key<String> DESTINATION_TEMPLATE = add(Key.optional(
            TO + "template", text(65_536, "a Handlebars template"), "the output itself", "what is delivered instead"));

    static final Key<String> DESTINATION_COMPRESSION =
            add(Key.optional(TO + "compression", choice("gzip", "zstd"), "none", "for `filesystem` and `webhook`"));

    static final Key<String> DESTINATION_PERMISSIONS = add(Key.of(
            TO + "permissions",
            new Type.Text(4, true, "octal digits such as \"644\"", Keys::permissions),
            "644",
            "of the file"));

    static final Key<Boolean> DESTINATION_CREATE_DIRS =
            add(Key.of(TO + "create_dirs", FLAG, true, "whether missing folders are made"));

    static final Key<Boolean> DESTINATION_OVERWRITE =
            add(Key.of(TO + "overwrite", FLAG, true, "whether an existing file is replaced"));

    static final Key<Boolean> DESTINATION_BACKUP =
            add(Key.of(TO + "backup_existing", FLAG, false, "whether it is kept beside the new one"));

    static final Key<String> DESTINATION_URL = add(Key.optional(
                    TO + "url",
                    text(2048, "an http or https URL", Keys::webUrl),
                    "required for `webhook`",
                    "the receiver")
            .secrecy(Secrecy.URL));

    static final Key<String> DESTINATION_METHOD =
            add(Key.of(TO + "method", choice("GET", "POST", "PUT", "PATCH", "DELETE"), "POST", "of the request"));

    static final Key<String> DESTINATION_HEADER = add(
            Key.optional(TO + "headers.*", text(8192, "a header value", Keys::printable), "none", "more header fields")
                    .secrecy(Secrecy.SECRET));

    static final Key<Integer> DESTINATION_TIMEOUT = add(
            Key.optional(TO + "timeout_seconds", whole(1, 300), "`output.default_timeout`", "one attempt, in seconds"));

    static final Key<String> DESTINATION_CONTENT_TYPE = add(Key.optional(
            TO + "content_type", text(100, "a media type", Keys::printable), "of the format", "`Content-Type`"));

    static final Key<String> AUTH_TYPE = add(
            Key.optional(TO + "auth.type", choice("bearer", "basic", "api_key"), "none", "how the receiver knows us")
                    .alias(TO + "auth.auth_type"));

    static final Key<String> AUTH_TOKEN =
            add(Key.optional(TO + "auth.token", text(1024, "a token"), "required for `bearer`", "the token")
                    .secrecy(Secrecy.SECRET));

    static final Key<String> AUTH_USERNAME =
            add(Key.optional(TO + "auth.username", text(255, "a name"), "required for `basic`", "the user"));

    static final Key<String> AUTH_PASSWORD =
            add(Key.optional(TO + "auth.password", text(255, "a password"), "required for `basic`", "the password")
                    .secrecy(Secrecy.SECRET));

    static final Key<String> AUTH_KEY =
            add(Key.optional(TO + "auth.key", text(1024, "a key"), "required for `api_key`", "the key")
                    .secrecy(Secrecy.SECRET));

    static final Key<String> AUTH_HEADER = add(Key.of(
                    TO + "auth.header_name",
                    text(100, "a header name", name -> matching(HEADER, name, "is no header name")),
                    "X-API-Key",
                    "the header field of the key")
            .alias(TO + "auth.header"));

    static final Key<String> SIGNING_SECRET = add(Key.optional(
                    TO + "signing_secret",
                    text(1024, "a secret"),
                    "none",
                    "signs requests by Standard Webhooks; `whsec_` and base64")
            .secrecy(Secrecy.SECRET));

    static final Key<Integer> DESTINATION_ATTEMPTS = add(Key.optional(
            TO + "retry_policy.max_attempts",
            whole(1, 10),
            "`output.default_retry_policy`",
            "attempts, the first included"));

    static final Key<Integer> DESTINATION_INITIAL_DELAY = add(Key.optional(
            TO + "retry_policy.initial_delay_seconds",
            whole(0, 86_400),
            "1, if there is a `retry_policy`",
            "wait before the second attempt, in seconds"));

    static final Key<Integer> DESTINATION_MAX_DELAY = add(Key.optional(
            TO + "retry_policy.max_delay_seconds",
            whole(0, 86_400),
            "60, if there is a `retry_policy`",
            "longest wait, in seconds"));

    static final Key<Double> DESTINATION_MULTIPLIER = add(Key.optional(
            TO + "retry_policy.backoff_multiplier",
            new Type.Decimal(1, true, 10),
            "2, if there is a `retry_policy`",
            "growth of the wait"));

    static final Key<String> STREAM = add(Key.of(TO + "stream", choice("stdout", "stderr"), "stdout", "for `stdio`"));

    static final Key<Boolean> STREAM_METADATA =
            add(Key.of(TO + "include_metadata", FLAG, false, "for `stdio`: whether job and task are told as well"));

    static final Key<Boolean> STREAM_LINES =
            add(Key.of(TO + "line_buffered", FLAG, true, "for `stdio`: whether each line is written at once"));

    static final Key<String> STREAM_PREFIX = add(Key.optional(
            TO + "prefix", text(256, "a text, which may be a template"), "none", "for `stdio`: before each line"));

    static {
        for (String name : List.of("connection_string", "access_key_id", "secret_access_key")) {
            add(foreign(TO + name, "of destinations that are not used").secrecy(Secrecy.SECRET));
        }
        for (String name : List.of(
                "table_name",
                "column_mappings",
                "pool",
                "bucket",
                "key_template",
                "region",
                "endpoint",
                "storage_class")) {
            add(foreign(TO + name, "of destinations that are not used"));
        }
    }

    static final Key<Integer> RETRY_ATTEMPTS = add(Key.of(
            "output.default_retry_policy.max_attempts", whole(1, 10), 3, "attempts of a delivery, the first included"));

    static final Key<Duration> RETRY_INITIAL_DELAY = add(Key.of(
            "output.default_retry_policy.initial_delay_ms",
            millis(Duration.ofMillis(1), DAY),
            Duration.ofSeconds(1),
            "wait before the second attempt"));

    static final Key<Duration> RETRY_MAX_DELAY = add(Key.of(
            "output.default_retry_policy.max_delay_ms",
            millis(Duration.ofMillis(1), DAY),
            Duration.ofSeconds(30),
            "longest wait"));

    static final Key<Double> RETRY_MULTIPLIER = add(Key.of(
            "output.default_retry_policy.backoff_multiplier",
            new Type.Decimal(1, true, 10),
            2.0,
            "growth of the wait from attempt to attempt"));

    static final Key<String> TIMESTAMP_FORMAT = add(Key.of(
            "output.formatting.timestamp_format",
            text(100, "a format in the style of strftime"),
            "%Y-%m-%dT%H:%M:%S%.3fZ",
            "form of `timestamp` in templates"));

    static final Key<Boolean> INCLUDE_METADATA = add(Key.of(
            "output.formatting.include_metadata",
            FLAG,
            true,
            "whether formats that have room for it tell job and task as well"));

    static final Key<Boolean> PRETTY_JSON =
            add(Key.of("output.formatting.pretty_json", FLAG, false, "whether JSON goes over several lines"));

    static final Key<Boolean> ALLOW_LOCALHOST = add(
            Key.of("output.security.allow_localhost_webhooks", FLAG, false, "whether webhooks may go to this machine"));

    static final Key<Boolean> ALLOW_PRIVATE = add(Key.of(
            "output.security.allow_private_network_webhooks",
            FLAG,
            false,
            "whether webhooks may go to private networks; cloud metadata services are refused in any case"));

    static final Key<List<String>> ALLOWED_DOMAINS = add(Key.of(
            "output.security.allowed_webhook_domains",
            texts(253, "a domain", name -> matching(DOMAIN, name, "is no domain")),
            List.of(),
            "domains, and what is below them, that webhooks may go to whatever their address"));

    static final Key<Integer> BREAKER_FAILURES = add(Key.of(
            "output.circuit_breaker.failure_threshold",
            whole(1, 1000),
            5,
            "attempts within the window from which on a host is left alone if half of them failed"));

    static final Key<Integer> BREAKER_SUCCESSES = add(Key.of(
            "output.circuit_breaker.success_threshold",
            whole(1, 1000),
            3,
            "attempts after the pause, of which more than half must succeed for it to be trusted again"));

    static final Key<Duration> BREAKER_OPEN = add(Key.of(
            "output.circuit_breaker.open_seconds",
            seconds(Duration.ofSeconds(1), DAY),
            Duration.ofMinutes(1),
            "how long it is left alone"));

    // server

    static final Key<String> BIND_ADDRESS = add(Key.of(
                    "server.bind_address",
                    text(253, "a host name or an IP address", host -> matching(ADDRESS, host, "is no host")),
                    "127.0.0.1",
                    "address a server listens on; until there are identities only one of this machine itself")
            .alias("server.host"));

    static final Key<Integer> PORT =
            add(Key.of("server.port", whole(0, 65_535), 8080, "port a server listens on; 0 takes a free one"));

    static final Key<String> DATA_DIR =
            add(Key.of("server.data_dir", path(), "data", "folder of everything a server keeps"));

    static final Key<Duration> REQUEST_TIMEOUT = add(Key.of(
            "server.request_timeout",
            seconds(Duration.ofSeconds(1), HOUR),
            Duration.ofSeconds(90),
            "longest time for one request; waiting for a run takes up to 60 of it"));

    static final Key<Long> MAX_REQUEST_BYTES =
            add(Key.of("server.max_request_bytes", bytes(64 * KIB, 64 * MIB), 12 * MIB, "largest body of a request"));

    static final Key<Duration> SHUTDOWN_TIMEOUT = add(Key.of(
            "server.shutdown_timeout",
            seconds(Duration.ZERO, HOUR),
            Duration.ofSeconds(30),
            "how long running jobs may take to end when a server stops; what is left is handed back"));

    static final Key<String> DATABASE_URL = add(Key.of(
                    "server.database.url",
                    text(8192, "a database URL", DatabaseUrl::fault),
                    "sqlite://" + DATA_DIR_PLACEHOLDER + "/ratchet.db",
                    "`sqlite://FILE` or `postgresql://USER:PASSWORD@HOST:PORT/DATABASE`; `sqlite::memory:` loads, and"
                            + " `serve` refuses it")
            .secrecy(Secrecy.DATABASE_URL)
            .variable("DATABASE_URL"));

    static final Key<Integer> MAX_CONNECTIONS =
            add(Key.of("server.database.max_connections", whole(1, 1000), 10, "most connections to the database"));

    static final Key<Integer> MIN_CONNECTIONS =
            add(Key.of("server.database.min_connections", whole(0, 1000), 1, "connections kept open"));

    static final Key<Duration> DB_CONNECTION_TIMEOUT = add(Key.of(
            "server.database.connection_timeout",
            seconds(Duration.ofMillis(250), HOUR),
            Duration.ofSeconds(30),
            "longest wait for a connection"));

    static final Key<Duration> DB_IDLE_TIMEOUT = add(Key.of(
            "server.database.idle_timeout",
            seconds(Duration.ofSeconds(10), DAY),
            Duration.ofMinutes(10),
            "how long an idle connection is kept"));

    static final Key<Duration> DB_MAX_LIFETIME = add(Key.of(
            "server.database.max_lifetime",
            seconds(Duration.ofSeconds(30), DAY),
            HOUR,
            "age at which a connection is replaced"));

    static final Key<String> SYNCHRONOUS = add(Key.of(
                    "server.database.synchronous",
                    choice("FULL", "EXTRA", "NORMAL"),
                    "FULL",
                    "SQLite: with `NORMAL` the last accepted jobs can be lost when the power fails")
            .alias("server.database.database_specific.sqlite.synchronous"));

    static final Key<String> JOURNAL_MODE = add(Key.of(
            "server.database.database_specific.sqlite.journal_mode",
            choice("WAL"),
            "WAL",
            "SQLite: the only mode in which readers do not wait for the writer"));

    static final Key<Integer> SQLITE_CACHE = add(Key.of(
            "server.database.database_specific.sqlite.cache_size",
            whole(-4_194_304, 1_000_000),
            2000,
            "SQLite: pages cached per connection, or KiB if negative"));

    static final Key<Integer> BUSY_TIMEOUT = add(Key.of(
            "server.database.database_specific.sqlite.busy_timeout",
            whole(0, 600_000),
            5000,
            "SQLite: milliseconds that one waits for other programs that use the file"));

    static {
        add(foreign("server.database.database_specific.postgres", "parameters belong into the URL"));
        add(foreign("server.database.database_specific.mysql", "a database that is not supported"));
        for (String name : List.of("auto_migrate", "migration_dir", "table_name", "validate_checksums")) {
            add(foreign(
                    "server.database.migrations." + name,
                    "the schema is always migrated, and from inside the program"));
        }
    }

    static final Key<String> JWT_SECRET = add(Key.optional(
                    "server.auth.jwt_secret",
                    new Type.Text(4096, false, "a secret", Keys::jwtSecret),
                    "none",
                    "key that tokens are signed with, at least 32 characters")
            .secrecy(Secrecy.SECRET)
            .use(Use.LATER));

    static final Key<Duration> TOKEN_EXPIRATION = add(Key.of(
                    "server.auth.token_expiration",
                    seconds(Duration.ofMinutes(1), Duration.ofDays(366)),
                    HOUR,
                    "how long a token is good")
            .use(Use.LATER));

    static final Key<String> ISSUER =
            add(Key.of("server.auth.issuer", text(255, "a name"), "ratchet", "issuer of tokens")
                    .use(Use.LATER));

    static final Key<String> AUDIENCE =
            add(Key.of("server.auth.audience", text(255, "a name"), "ratchet-api", "audience of tokens")
                    .use(Use.LATER));

    static final Key<List<String>> CORS_ORIGINS = add(Key.of(
            "server.cors.allowed_origins",
            texts(300, "an origin such as https://console.example.com, or *", Keys::origin),
            List.of(),
            "pages of other origins that may call the server; `*` for all"));

    static final Key<List<String>> CORS_METHODS = add(Key.of(
            "server.cors.allowed_methods",
            texts(20, "a method", name -> matching(METHOD, name, "is no method")),
            List.of("GET", "POST", "PUT", "PATCH", "DELETE"),
            "what they may do"));

    static final Key<List<String>> CORS_HEADERS = add(Key.of(
            "server.cors.allowed_headers",
            texts(100, "a header name", name -> matching(HEADER, name, "is no header name")),
            List.of(
                    "Content-Type",
                    "Authorization",
                    "X-Requested-With",
                    "X-Request-ID",
                    "If-Match",
                    "If-None-Match",
                    "Idempotency-Key"),
            "header fields they may send"));

    static final Key<Boolean> CORS_CREDENTIALS =
            add(Key.of("server.cors.allow_credentials", FLAG, false, "whether they may send cookies and logins"));

    static final Key<Duration> CORS_MAX_AGE = add(Key.of(
            "server.cors.max_age", seconds(Duration.ZERO, DAY), HOUR, "how long a browser may remember the answer"));

    static final Key<Boolean> RATE_LIMIT_ENABLED =
            add(Key.of("server.rate_limit.enabled", FLAG, false, "whether requests of a client are counted")
                    .use(Use.LATER));

    static final Key<Integer> RATE_LIMIT_REQUESTS =
            add(Key.of("server.rate_limit.requests_per_minute", whole(1, 1_000_000), 60, "requests it may make")
                    .use(Use.LATER));

    static final Key<Integer> RATE_LIMIT_BURST =
            add(Key.of("server.rate_limit.burst_size", whole(1, 1_000_000), 10, "requests at once")
                    .use(Use.LATER));

    static final Key<Duration> RATE_LIMIT_WINDOW = add(Key.of(
                    "server.rate_limit.time_window",
                    seconds(Duration.ofSeconds(1), DAY),
                    Duration.ofMinutes(1),
                    "time they are counted in")
            .use(Use.LATER));

    static final Key<String> TLS_CERTIFICATE = add(Key.optional(
            "server.tls.cert_file", path(), "no TLS", "certificate of the server as PEM, its chain behind it"));

    static final Key<String> TLS_KEY =
            add(Key.optional("server.tls.key_file", path(), "no TLS", "its private key as PEM (PKCS #8)"));

    static final Key<String> TLS_CHAIN =
            add(Key.optional("server.tls.chain_file", path(), "none", "the chain, where it is a file of its own"));

    static final Key<String> TLS_VERSION =
            add(Key.of("server.tls.min_version", choice("1.2", "1.3"), "1.2", "oldest version of TLS spoken"));

    // registry

    static {
        String source = "registry.sources[].";
        String config = source + "config.";
        for (String path : List.of(
                "registry.default_polling_interval",
                "registry.cache.enabled",
                "registry.cache.ttl",
                "registry.cache.max_entries",
                source + "name",
                source + "uri",
                source + "source_type",
                source + "polling_interval",
                source + "enabled",
                source + "auth_name",
                config + "filesystem.watch_changes",
                config + "filesystem.include",
                config + "filesystem.exclude",
                config + "filesystem.follow_symlinks",
                config + "http.timeout",
                config + "http.verify_ssl",
                config + "http.user_agent",
                config + "git.branch",
                config + "git.git_ref",
                config + "git.subdirectory",
                config + "git.shallow",
                config + "git.depth",
                config + "git.sync_strategy",
                config + "git.cleanup_on_error",
                config + "git.verify_signatures",
                config + "git.allowed_refs",
                config + "git.timeout",
                config + "git.max_repo_size",
                config + "git.local_cache_path",
                config + "git.cache_ttl",
                config + "git.keep_history",
                config + "s3.region",
                config + "s3.prefix",
                config + "s3.timeout",
                "registry.auth.*.type")) {
            add(Key.optional(path, ANYTHING, "", "sources of tasks").use(Use.LATER));
        }
        add(Key.optional(config + "http.headers", ANYTHING, "", "sources of tasks")
                .use(Use.LATER)
                .secrecy(Secrecy.SECRET));
        add(Key.optional("registry.auth.*.*", ANYTHING, "", "logins at sources")
                .use(Use.LATER)
                .secrecy(Secrecy.SECRET));
    }

    // mcp

    static final Key<Boolean> MCP_ENABLED =
            add(Key.of("mcp.enabled", FLAG, true, "whether a server speaks MCP").use(Use.LATER));

    static final Key<String> MCP_TRANSPORT = add(Key.of(
                    "mcp.transport",
                    choice("sse", "stdio", "http"),
                    "sse",
                    "`stdio` for a program that starts Ratchet, `http` (streamable) or `sse` over the network")
            .use(Use.LATER));

    static final Key<String> MCP_HOST = add(Key.of(
                    "mcp.host",
                    text(253, "a host name or an IP address", host -> matching(ADDRESS, host, "is no host")),
                    "127.0.0.1",
                    "address it listens on")
            .use(Use.LATER));

    static final Key<Integer> MCP_PORT =
            add(Key.of("mcp.port", whole(0, 65_535), 8090, "port it listens on").use(Use.LATER));

    // queue

    static final Key<Integer> QUEUE_DEPTH = add(Key.of(
            "queue.max_depth", whole(1, 100_000_000), 100_000, "jobs that may wait; more are answered with 429"));

    static final Key<Duration> LEASE = add(Key.of(
            "queue.lease_seconds",
            seconds(Duration.ofSeconds(2), HOUR),
            Duration.ofSeconds(30),
            "silence after which a job counts as lost and is taken over"));

    static final Key<Duration> LEASE_HEARTBEAT = add(Key.of(
            "queue.heartbeat_seconds",
            seconds(Duration.ofMillis(500), Duration.ofMinutes(20)),
            Duration.ofSeconds(5),
            "how often a lease is renewed; at most a third of it"));

    static final Key<Duration> POLL_INTERVAL = add(Key.of(
            "queue.poll_interval_ms",
            millis(Duration.ofMillis(10), HOUR),
            Duration.ofSeconds(1),
            "how often the queue is looked at when no signal came"));

    static final Key<Integer> DEFAULT_MAX_RETRIES =
            add(Key.of("queue.default_max_retries", whole(0, 100), 3, "retries of a job that states none"));

    static final Key<Duration> IDEMPOTENCY_TTL = add(Key.of(
            "queue.idempotency_ttl",
            seconds(Duration.ofMinutes(1), MONTH),
            DAY,
            "how long an `Idempotency-Key` is remembered"));

    // retention

    static final Key<Integer> MAX_AGE_DAYS =
            add(Key.of("retention.max_age_days", whole(1, 36_500), 30, "days that finished executions are kept"));

    static final Key<Integer> MAX_COUNT_PER_TASK = add(Key.of(
            "retention.max_count_per_task", whole(1, 100_000_000), 100_000, "finished executions kept per task"));

    static final Key<Long> MAX_BYTES_PER_TASK = add(Key.of(
            "retention.max_bytes_per_task",
            bytes(MIB, 1024 * GIB),
            GIB,
            "bytes of inputs, outputs, logs and recordings kept per task"));

    static final Key<Duration> RETENTION_INTERVAL = add(Key.of(
            "retention.interval", seconds(Duration.ofSeconds(1), DAY), Duration.ofMinutes(1), "how often is pruned"));

    // secrets

    static final Key<String> SECRETS_DIRECTORY = add(
            Key.optional("secrets.directory", path(), "none", "folder with one file per secret, named as the secret"));

    /** All of them, in the order of the manual. */
    static final List<Key<?>> ALL = List.copyOf(DECLARED);

    private Keys() {}

    private static <T> Key<T> add(Key<T> key) {
        DECLARED.add(key);
        return key;
    }

    private static Key<JsonNode> foreign(String path, String about) {
        return Key.optional(path, ANYTHING, "", about).use(Use.WITHOUT_MEANING);
    }

    private static Type<Duration> seconds(Duration least, Duration most) {
        return new Type.Time(least, most, false);
    }

    private static Type<Duration> millis(Duration least, Duration most) {
        return new Type.Time(least, most, true);
    }

    private static Type<Integer> whole(int least, int most) {
        return new Type.Whole(least, most);
    }

    private static Type<Long> bytes(long least, long most) {
        return new Type.Bytes(least, most);
    }

    private static Type<String> choice(String... words) {
        return new Type.Choice(List.of(words));
    }

    private static Type<String> path() {
        return text(4096, "a path", Keys::fileName);
    }

    private static Type<String> text(int most, String accepted) {
        return text(most, accepted, _ -> Optional.empty());
    }

    private static Type<String> text(int most, String accepted, Type.Rule rule) {
        return new Type.Text(most, false, accepted, rule);
    }

    private static Type<List<String>> texts(int most, String accepted, Type.Rule rule) {
        return new Type.Texts(new Type.Text(most, false, accepted, rule), 1000);
    }

    private static Optional<String> matching(Pattern pattern, String text, String fault) {
        return pattern.matcher(text).matches() ? Optional.empty() : Optional.of(Type.shown(text) + " " + fault);
    }

    private static Optional<String> printable(String text) {
        return text.isBlank() || !text.chars().allMatch(c -> c >= 0x20 && c < 0x7f)
                ? Optional.of("must be printable ASCII characters")
                : Optional.empty();
    }

    private static Optional<String> permissions(String text) {
        return matching(PERMISSIONS, text, "are no permissions; accepted: octal digits such as \"644\"");
    }

    private static Optional<String> fileName(String text) {
        return text.isBlank() || text.indexOf('\0') >= 0 ? Optional.of("must be a path") : Optional.empty();
    }

    private static Optional<String> jwtSecret(String text) {
        return text.length() < 32
                ? Optional.of("is too short; accepted: at least 32 characters, such as from openssl rand -base64 48")
                : Optional.empty();
    }

    private static Optional<String> origin(String text) {
        return text.equals("*") || text.matches("https?://[A-Za-z0-9.\\[\\]:*-]+")
                ? Optional.empty()
                : Optional.of(Type.shown(text) + " is no origin; accepted: SCHEME://HOST[:PORT] or *");
    }

    private static Optional<String> webUrl(String text) {
        return text.startsWith("http://") || text.startsWith("https://")
                ? Optional.empty()
                : Optional.of("must begin with http:// or https://");
    }

    /** Only the form; the schedule itself understands the rest. */
    private static Optional<String> cron(String text) {
        int fields = text.strip().split("\\s+").length;
        return text.startsWith("@") || (fields >= 5 && fields <= 7)
                ? Optional.empty()
                : Optional.of(
                        Type.shown(text) + " is no cron expression; accepted: 5 to 7 fields, or a name such as @daily");
    }
}

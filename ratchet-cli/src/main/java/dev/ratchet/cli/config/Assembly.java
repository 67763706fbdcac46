package dev.ratchet.cli.config;

import dev.ratchet.cli.config.ExecutionSettings.Heartbeat;
import dev.ratchet.cli.config.ExecutionSettings.Isolation;
import dev.ratchet.cli.config.ExecutionSettings.Recording;
import dev.ratchet.cli.config.LoggingSettings.Level;
import dev.ratchet.cli.config.LoggingSettings.Target;
import dev.ratchet.cli.config.OutputSettings.GlobalDestination;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.delivery.OutputDestination;
import dev.ratchet.core.delivery.OutputDestinations;
import dev.ratchet.execution.WorkerProfile;
import dev.ratchet.execution.http.HttpSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Makes the records of the values, and checks what concerns more than one of them. Always makes a whole: where a value
 * was at fault its default stands in, so that everything else can be checked too.
 */
final class Assembly {
    private final Values values;
    private final Map<String, String> environment;
    private final List<Problem> problems;
    private final List<String> warnings;

    Assembly(Values values, Map<String, String> environment, List<Problem> problems, List<String> warnings) {
        this.values = values;
        this.environment = environment;
        this.problems = problems;
        this.warnings = warnings;
    }

    RatchetConfig config() {
        return new RatchetConfig(
                execution(),
                http(),
                cache(),
                logging(),
                output(),
                server(),
                mcp(),
                queue(),
                retention(),
                NamedSecrets.all(
                        environment,
                        values.find(Keys.SECRETS_DIRECTORY).map(_ -> path(Keys.SECRETS_DIRECTORY)),
                        values.origin(Keys.SECRETS_DIRECTORY),
                        problems,
                        warnings));
    }

    private ExecutionSettings execution() {
        int slots = values.get(Keys.SLOTS);
        Isolation isolation = word(Isolation.class, Keys.ISOLATION);
        if (isolation == Isolation.PROCESS && slots > 1) {
            problem(Keys.SLOTS, "is " + slots + ", but execution.isolation is process; accepted: 1 with it");
        }
        return new ExecutionSettings(
                values.get(Keys.MAX_EXECUTION_DURATION),
                values.get(Keys.VALIDATE_SCHEMAS),
                values.get(Keys.MAX_CONCURRENT_TASKS),
                values.get(Keys.TIMEOUT_GRACE_PERIOD),
                word(WorkerProfile.class, Keys.WORKER_PROFILE),
                values.find(Keys.WORKERS).map(OptionalInt::of).orElseGet(OptionalInt::empty),
                values.get(Keys.SPARES),
                slots,
                isolation,
                values.get(Keys.RECYCLE_AFTER_RUNS),
                values.get(Keys.RECYCLE_AFTER),
                word(Recording.class, Keys.RECORDING),
                new Heartbeat(values.get(Keys.HEARTBEAT_ENABLED), values.get(Keys.HEARTBEAT_CRON)));
    }

    private OutboundSettings http() {
        Set<String> hosts = new TreeSet<>();
        values.get(Keys.ALLOWED_PRIVATE_HOSTS).forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
        return new OutboundSettings(
                new HttpSettings(
                        values.get(Keys.HTTP_TIMEOUT),
                        values.get(Keys.HTTP_MAX_REDIRECTS),
                        values.get(Keys.HTTP_USER_AGENT),
                        values.get(Keys.HTTP_VERIFY_SSL),
                        new HttpSettings.ConnectionPool(
                                values.get(Keys.HTTP_MAX_IDLE_PER_HOST),
                                values.get(Keys.HTTP_IDLE_TIMEOUT),
                                values.get(Keys.HTTP_CONNECTION_TIMEOUT)),
                        proxy(),
                        values.get(Keys.HTTP_MAX_HEADER_COUNT),
                        values.get(Keys.HTTP_MAX_HEADER_BYTES)),
                hosts);
    }

    /** The gate itself knows what a proxy may be; each is tried alone, so that the one at fault is named. */
    private HttpSettings.Proxy proxy() {
        String http = values.find(Keys.HTTP_PROXY).orElse(null);
        String https = values.find(Keys.HTTPS_PROXY).orElse(null);
        String direct = values.find(Keys.NO_PROXY).orElse(null);
        boolean fine = true;
        if (http != null) {
            fine &= tried(Keys.HTTP_PROXY, () -> new HttpSettings.Proxy(http, null, null));
        }
        if (https != null) {
            fine &= tried(Keys.HTTPS_PROXY, () -> new HttpSettings.Proxy(null, https, null));
        }
        if (direct != null) {
            fine &= tried(Keys.NO_PROXY, () -> new HttpSettings.Proxy(null, null, direct));
        }
        return fine ? new HttpSettings.Proxy(http, https, direct) : HttpSettings.Proxy.NONE;
    }

    private boolean tried(Key<?> key, Supplier<HttpSettings.Proxy> proxy) {
        try {
            var _ = proxy.get();
            return true;
        } catch (IllegalArgumentException e) {
            problem(key, String.valueOf(e.getMessage()));
            return false;
        }
    }

    private CacheSettings cache() {
        boolean enabled = values.get(Keys.CACHE_ENABLED);
        return new CacheSettings(
                new CacheSettings.TaskCache(
                        values.get(Keys.TASK_CACHE_SIZE),
                        values.get(Keys.TASK_CACHE_BYTES),
                        values.get(Keys.TASK_CACHE_TTL)),
                new CacheSettings.HttpCache(
                        enabled && values.get(Keys.HTTP_CACHE_ENABLED),
                        values.get(Keys.HTTP_CACHE_BYTES),
                        values.get(Keys.HTTP_CACHE_TTL),
                        values.get(Keys.HTTP_CACHE_CONTROL)),
                new CacheSettings.ResultCache(
                        enabled && values.get(Keys.RESULT_CACHE_ENABLED),
                        values.get(Keys.RESULT_CACHE_ONLY_SUCCESS),
                        values.get(Keys.RESULT_CACHE_ENTRIES),
                        values.get(Keys.RESULT_CACHE_TTL)));
    }

    private LoggingSettings logging() {
        Level level = word(Level.class, Keys.LOG_LEVEL);
        List<Target> targets = new ArrayList<>();
        Optional<List<Values>> items = values.items("logging.targets");
        if (items.isPresent() && items.get().isEmpty()) {
            problems.add(listOrigin("logging.targets").problem("is empty; accepted: at least one target"));
        }
        for (Values item : items.orElse(List.of())) {
            Level own = item.find(Keys.TARGET_LEVEL)
                    .map(name -> Level.valueOf(name.toUpperCase(Locale.ROOT)))
                    .orElse(level);
            switch (required(item, Keys.TARGET_TYPE).orElse("")) {
                case "console" -> targets.add(new LoggingSettings.Console(own));
                case "file" ->
                    required(item, Keys.TARGET_PATH)
                            .ifPresent(_ -> targets.add(new LoggingSettings.LogFile(
                                    own,
                                    path(item, Keys.TARGET_PATH),
                                    item.get(Keys.TARGET_BYTES),
                                    item.get(Keys.TARGET_FILES))));
                case "syslog" ->
                    warnings.add(item.place(Keys.TARGET_TYPE)
                            + " is syslog, which is not supported and not used; let the system collect standard error");
                default -> {
                    // Already reported.
                }
            }
        }
        if (targets.isEmpty()) {
            targets.add(new LoggingSettings.Console(level));
        }
        return new LoggingSettings(
                level,
                word(LoggingSettings.Format.class, Keys.LOG_FORMAT),
                values.get(Keys.LOG_LOCATION),
                values.get(Keys.LOG_STRUCTURED),
                targets);
    }

    private OutputSettings output() {
        Duration initialDelay = values.get(Keys.RETRY_INITIAL_DELAY);
        Duration maxDelay = values.get(Keys.RETRY_MAX_DELAY);
        if (initialDelay.compareTo(maxDelay) > 0) {
            problem(Keys.RETRY_MAX_DELAY, "is shorter than initial_delay_ms; accepted: at least as long");
        }
        return new OutputSettings(
                path(Keys.OUTPUT_ROOT),
                values.get(Keys.MAX_CONCURRENT_DELIVERIES),
                values.get(Keys.OUTPUT_TIMEOUT),
                values.get(Keys.VALIDATE_ON_STARTUP),
                globalDestinations(),
                new OutputSettings.Retry(
                        values.get(Keys.RETRY_ATTEMPTS), initialDelay, maxDelay, values.get(Keys.RETRY_MULTIPLIER)),
                new OutputSettings.Formatting(
                        values.get(Keys.TIMESTAMP_FORMAT),
                        values.get(Keys.INCLUDE_METADATA),
                        values.get(Keys.PRETTY_JSON)),
                new OutputSettings.Security(
                        values.get(Keys.ALLOW_LOCALHOST),
                        values.get(Keys.ALLOW_PRIVATE),
                        values.get(Keys.ALLOWED_DOMAINS).stream()
                                .map(domain -> domain.toLowerCase(Locale.ROOT))
                                .toList()),
                new OutputSettings.CircuitBreaker(
                        values.get(Keys.BREAKER_FAILURES),
                        values.get(Keys.BREAKER_SUCCESSES),
                        values.get(Keys.BREAKER_OPEN)));
    }

    private List<GlobalDestination> globalDestinations() {
        List<Values> items = values.items(DestinationReader.LIST).orElse(List.of());
        if (items.isEmpty()) {
            return List.of();
        }
        Origin list = listOrigin(DestinationReader.LIST);
        if (items.size() > OutputDestinations.MAX_DESTINATIONS) {
            problems.add(list.problem(
                    "has " + items.size() + " destinations; accepted: at most " + OutputDestinations.MAX_DESTINATIONS));
        }
        DestinationReader reader = new DestinationReader(values.get(Keys.OUTPUT_TIMEOUT), list);
        List<GlobalDestination> destinations = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Values item : items) {
            Optional<String> name = required(item, Keys.DESTINATION_NAME);
            Optional<String> type = required(item, Keys.DESTINATION_TYPE);
            if (name.isPresent() && !names.add(name.get())) {
                problems.add(item.origin(Keys.DESTINATION_NAME)
                        .problem("is the name of another destination as well; accepted: names that differ"));
            }
            if (type.isEmpty()) {
                continue;
            }
            if (type.get().equals("database") || type.get().equals("s3")) {
                warnings.add(item.place(Keys.DESTINATION_TYPE) + " is " + type.get()
                        + ", which is not supported; nothing is delivered there");
                continue;
            }
            read(reader, item)
                    .ifPresent(destination -> destinations.add(new GlobalDestination(
                            name.orElse(""),
                            item.find(Keys.DESTINATION_DESCRIPTION).orElse(""),
                            destination)));
        }
        return destinations;
    }

    private Optional<OutputDestination> read(DestinationReader reader, Values item) {
        if (values.get(Keys.VALIDATE_ON_STARTUP)) {
            return reader.read(item, problems);
        }
        List<Problem> faults = new ArrayList<>(problems);
        Optional<OutputDestination> read = reader.read(item, faults);
        faults.subList(problems.size(), faults.size())
                .forEach(fault -> warnings.add(fault + "; nothing is delivered there"));
        return read;
    }

    private ServerSettings server() {
        int most = values.get(Keys.MAX_CONNECTIONS);
        int least = values.get(Keys.MIN_CONNECTIONS);
        if (least > most) {
            problem(
                    values.ifGiven(Keys.MIN_CONNECTIONS).isPresent() ? Keys.MIN_CONNECTIONS : Keys.MAX_CONNECTIONS,
                    "min_connections is " + least + " and max_connections " + most + "; accepted: at most as many");
        }
        ServerSettings.Synchronous synchronous = word(ServerSettings.Synchronous.class, Keys.SYNCHRONOUS);
        if (synchronous == ServerSettings.Synchronous.NORMAL) {
            warnings.add("server.database.synchronous is NORMAL: accepted jobs can be lost when the power fails");
        }
        DatabaseUrl url = DatabaseUrl.parse(ConfigView.inDataDir(values, values.get(Keys.DATABASE_URL)));
        return new ServerSettings(
                values.get(Keys.BIND_ADDRESS),
                values.get(Keys.PORT),
                path(Keys.DATA_DIR),
                new ServerSettings.Database(
                        url,
                        most,
                        least,
                        values.get(Keys.DB_CONNECTION_TIMEOUT),
                        values.get(Keys.DB_IDLE_TIMEOUT),
                        values.get(Keys.DB_MAX_LIFETIME),
                        new ServerSettings.SqliteOptions(
                                synchronous,
                                values.get(Keys.SQLITE_CACHE),
                                Duration.ofMillis(values.get(Keys.BUSY_TIMEOUT)))),
                values.get(Keys.REQUEST_TIMEOUT),
                values.get(Keys.MAX_REQUEST_BYTES),
                values.get(Keys.SHUTDOWN_TIMEOUT),
                values.find(Keys.JWT_SECRET)
                        .map(secret -> new ServerSettings.Auth(
                                secret,
                                values.get(Keys.TOKEN_EXPIRATION),
                                values.get(Keys.ISSUER),
                                values.get(Keys.AUDIENCE))),
                cors(),
                new ServerSettings.RateLimit(
                        values.get(Keys.RATE_LIMIT_ENABLED),
                        values.get(Keys.RATE_LIMIT_REQUESTS),
                        values.get(Keys.RATE_LIMIT_BURST),
                        values.get(Keys.RATE_LIMIT_WINDOW)),
                tls());
    }

    private ServerSettings.Cors cors() {
        List<String> origins = values.get(Keys.CORS_ORIGINS);
        boolean credentials = values.get(Keys.CORS_CREDENTIALS);
        if (credentials && origins.contains("*")) {
            problem(
                    Keys.CORS_CREDENTIALS,
                    "cannot be true while allowed_origins has *; accepted: named origins with it");
        }
        return new ServerSettings.Cors(
                origins,
                values.get(Keys.CORS_METHODS),
                values.get(Keys.CORS_HEADERS),
                credentials,
                values.get(Keys.CORS_MAX_AGE));
    }

    private Optional<ServerSettings.Tls> tls() {
        boolean certificate = values.find(Keys.TLS_CERTIFICATE).isPresent();
        boolean key = values.find(Keys.TLS_KEY).isPresent();
        if (certificate != key) {
            problem(
                    certificate ? Keys.TLS_CERTIFICATE : Keys.TLS_KEY,
                    "stands alone; accepted: cert_file and key_file together, or neither");
        }
        if (!certificate || !key) {
            return Optional.empty();
        }
        return Optional.of(new ServerSettings.Tls(
                path(Keys.TLS_CERTIFICATE),
                path(Keys.TLS_KEY),
                values.find(Keys.TLS_CHAIN).map(_ -> path(Keys.TLS_CHAIN)),
                values.get(Keys.TLS_VERSION)));
    }

    private McpSettings mcp() {
        return new McpSettings(
                values.get(Keys.MCP_ENABLED),
                word(McpSettings.Transport.class, Keys.MCP_TRANSPORT),
                values.get(Keys.MCP_HOST),
                values.get(Keys.MCP_PORT));
    }

    private QueueSettings queue() {
        Duration lease = values.get(Keys.LEASE);
        Duration heartbeat = values.get(Keys.LEASE_HEARTBEAT);
        if (heartbeat.multipliedBy(3).compareTo(lease) > 0) {
            problem(
                    values.ifGiven(Keys.LEASE_HEARTBEAT).isPresent() ? Keys.LEASE_HEARTBEAT : Keys.LEASE,
                    "queue.heartbeat_seconds is more than a third of queue.lease_seconds, and one late heartbeat would"
                            + " lose the job; accepted: at most a third");
        }
        return new QueueSettings(
                values.get(Keys.QUEUE_DEPTH),
                lease,
                heartbeat,
                values.get(Keys.POLL_INTERVAL),
                values.get(Keys.DEFAULT_MAX_RETRIES),
                values.get(Keys.IDEMPOTENCY_TTL));
    }

    private RetentionSettings retention() {
        return new RetentionSettings(
                Duration.ofDays(values.get(Keys.MAX_AGE_DAYS)),
                values.get(Keys.MAX_COUNT_PER_TASK),
                values.get(Keys.MAX_BYTES_PER_TASK),
                values.get(Keys.RETENTION_INTERVAL));
    }

    private Optional<String> required(Values item, Key<String> key) {
        Optional<String> value = item.find(key);
        // A value at fault is reported already and is missing here too.
        String pointer = item.origin(key) instanceof Origin.Initial(String at) ? at : "";
        if (value.isEmpty()
                && problems.stream().noneMatch(problem -> problem.position().equals(pointer))) {
            Origin list = listOrigin(key.path().substring(0, key.path().indexOf("[]")));
            Origin missing = list instanceof Origin.InFile(String file, String _, int line)
                    ? new Origin.InFile(file, pointer, line)
                    : list;
            problems.add(missing.problem("is missing; accepted: " + key.type().accepted()));
        }
        return value;
    }

    private Origin listOrigin(String list) {
        Origin origin = values.originAt(list);
        return origin == null ? new Origin.Initial("/" + list.replace('.', '/')) : origin;
    }

    /** The word as a constant; the words of a choice and the names of the constants are the same. */
    private <E extends Enum<E>> E word(Class<E> type, Key<String> key) {
        return Enum.valueOf(type, values.get(key).toUpperCase(Locale.ROOT));
    }

    private Path path(Key<String> key) {
        return path(values, key);
    }

    private Path path(Values from, Key<String> key) {
        try {
            return Path.of(ConfigView.inDataDir(values, from.get(key)));
        } catch (InvalidPathException e) {
            problems.add(from.origin(key).problem("is no path of this system: " + e.getReason()));
            return Path.of("");
        }
    }

    private void problem(Key<?> key, String message) {
        problems.add(values.origin(key).problem(message));
    }
}

package dev.ratchet.bench;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads with a million executions stored. The server makes the schema, the tasks, and of each task one execution that
 * succeeds and one that fails; while it is down, copies of their rows are put in, spread over 20 days; then it is started
 * again and asked.
 */
final class IndexedReads {
    private static final int TASKS = 20;
    private static final int BATCH = 2_000;
    private static final Duration PAST = Duration.ofDays(20);

    /** One execution of so many has failed. */
    private static final int FAILED_OF = 33;

    private static final int PAGE = 100;
    private static final double MOST_MILLIS = 1;

    private final String prefix;
    private final boolean quick;
    private final int executions;

    /** A job and its execution as the database has them, by column. */
    private record Model(
            SequencedMap<String, @Nullable Object> job, SequencedMap<String, @Nullable Object> execution) {}

    /** Two real executions of a task. */
    private record Models(Model succeeded, Model failed) {}

    IndexedReads(String prefix, boolean quick) {
        this.prefix = prefix;
        this.quick = quick;
        this.executions = quick ? 20_000 : 1_000_000;
    }

    void measure(Distribution distribution, BenchDatabase database, Report report)
            throws IOException, InterruptedException, SQLException {
        try (BenchDatabase.Place place = database.fresh()) {
            List<String> tasks = new ArrayList<>();
            try (RunningServer server = RunningServer.start(distribution, place);
                    Connection connection = new Connection(server.url())) {
                server.awaitWorkers(connection);
                for (int i = 0; i < TASKS; i++) {
                    tasks.add(taskWithTwoExecutions(connection, "stored-" + i));
                }
            }
            long begun = System.nanoTime();
            List<String> some = fill(database.vendor(), place, tasks);
            report.inform(
                    prefix + "executions put in while the server is down",
                    executions,
                    "",
                    "with a job each, in " + Report.number((System.nanoTime() - begun) / 1e9) + " s");
            try (RunningServer server = RunningServer.start(distribution, place);
                    Connection connection = new Connection(server.url())) {
                server.awaitWorkers(connection);
                read(connection, tasks, some, report);
            }
        }
    }

    private static String taskWithTwoExecutions(Connection connection, String name) throws IOException {
        JsonNode task = connection.post(
                "/api/v1/tasks",
                "{\"name\": \"" + name + "\", \"version\": \"1.0.0\", \"sourceCode\":"
                        + " \"export default function ({a, b}) { if (a < 0) throw new Error('too small');"
                        + " return {sum: a + b}; }\"}");
        String id = task.path("data").path("id").asString();
        connection.post("/api/v1/tasks/" + id + "/execute?wait=30", "{\"input\": {\"a\": 1, \"b\": 2}}");
        connection.post(
                "/api/v1/tasks/" + id + "/execute?wait=30", "{\"input\": {\"a\": -1, \"b\": 2}, \"maxRetries\": 0}");
        return id;
    }

    /** Identifiers of some of the executions put in. */
    private List<String> fill(BenchDatabase.Vendor vendor, BenchDatabase.Place place, List<String> tasks)
            throws SQLException {
        List<String> some = new ArrayList<>();
        try (java.sql.Connection connection = BenchDatabase.connect(place)) {
            if (vendor == BenchDatabase.Vendor.SQLITE) {
                execute(connection, "pragma synchronous = off");
            }
            List<Models> models = new ArrayList<>();
            for (String task : tasks) {
                models.add(models(connection, task));
            }
            connection.setAutoCommit(false);
            Random random = new Random(1);
            long first = Instant.now().minus(PAST).toEpochMilli();
            double between = (double) PAST.toMillis() / executions;
            try (PreparedStatement jobs = insertion(
                            connection, "jobs", models.getFirst().succeeded().job());
                    PreparedStatement runs = insertion(
                            connection,
                            "executions",
                            models.getFirst().succeeded().execution())) {
                for (int i = 0; i < executions; i++) {
                    Models of = models.get(i % TASKS);
                    Model model = random.nextInt(FAILED_OF) == 0 ? of.failed() : of.succeeded();
                    long at = first + (long) (i * between);
                    String job = identifier(at, 2 * i, random);
                    String execution = identifier(at, 2 * i + 1, random);
                    add(
                            jobs,
                            model.job(),
                            Map.of(
                                    "id", job,
                                    "execution_id", execution,
                                    "rank", at,
                                    "due_at", at,
                                    "queued_at", at,
                                    "started_at", at + 1,
                                    "completed_at", at + 3));
                    add(
                            runs,
                            model.execution(),
                            Map.of(
                                    "id", execution,
                                    "job_id", job,
                                    "queued_at", at,
                                    "started_at", at + 1,
                                    "completed_at", at + 3));
                    if (i % (executions / 5_000) == 0) {
                        some.add(execution);
                    }
                    if ((i + 1) % BATCH == 0 || i + 1 == executions) {
                        jobs.executeBatch();
                        runs.executeBatch();
                        connection.commit();
                    }
                }
            }
            connection.setAutoCommit(true);
            if (vendor == BenchDatabase.Vendor.POSTGRESQL) {
                // What the server's own housekeeping does within minutes.
                execute(connection, "vacuum analyze");
            }
        }
        return some;
    }

    private static Models models(java.sql.Connection connection, String task) throws SQLException {
        Map<Object, Model> byStatus = new LinkedHashMap<>();
        for (SequencedMap<String, @Nullable Object> execution : rows(connection, "executions", "task_id", task)) {
            SequencedMap<String, @Nullable Object> job = rows(
                            connection, "jobs", "id", String.valueOf(execution.get("job_id")))
                    .getFirst();
            byStatus.put(String.valueOf(execution.get("status")), new Model(job, execution));
        }
        Model succeeded = byStatus.get("COMPLETED");
        Model failed = byStatus.get("FAILED");
        if (succeeded == null || failed == null) {
            throw new IllegalStateException("task " + task + " has executions " + byStatus.keySet());
        }
        return new Models(succeeded, failed);
    }

    private static List<SequencedMap<String, @Nullable Object>> rows(
            java.sql.Connection connection, String table, String column, String value) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("select * from " + table + " where " + column + " = ?")) {
            statement.setString(1, value);
            List<SequencedMap<String, @Nullable Object>> rows = new ArrayList<>();
            try (ResultSet result = statement.executeQuery()) {
                ResultSetMetaData columns = result.getMetaData();
                while (result.next()) {
                    SequencedMap<String, @Nullable Object> row = new LinkedHashMap<>();
                    for (int i = 1; i <= columns.getColumnCount(); i++) {
                        row.put(columns.getColumnName(i), result.getObject(i));
                    }
                    rows.add(row);
                }
            }
            return rows;
        }
    }

    private static PreparedStatement insertion(
            java.sql.Connection connection, String table, SequencedMap<String, @Nullable Object> model)
            throws SQLException {
        return connection.prepareStatement(
                "insert into " + table + " (" + String.join(", ", model.keySet()) + ") values ("
                        + Stream.generate(() -> "?").limit(model.size()).collect(Collectors.joining(", ")) + ")");
    }

    private static void add(
            PreparedStatement statement, SequencedMap<String, @Nullable Object> model, Map<String, Object> others)
            throws SQLException {
        int at = 1;
        for (Map.Entry<String, @Nullable Object> column : model.entrySet()) {
            Object other = others.get(column.getKey());
            statement.setObject(at++, other == null ? column.getValue() : other);
        }
        statement.addBatch();
    }

    /** A UUID of version 7, so that identifiers ascend with time as the server's do. */
    private static String identifier(long millis, int number, Random random) {
        long high = millis << 16 | 0x7000 | number & 0xfff;
        return new UUID(high, 0x8000_0000_0000_0000L | random.nextLong() >>> 2).toString();
    }

    private static void execute(java.sql.Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void read(Connection connection, List<String> tasks, List<String> some, Report report) throws IOException {
        Random random = new Random(1);
        List<String> byId = new ArrayList<>();
        List<String> latest = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        List<String> counted = new ArrayList<>();
        int times = quick ? 100 : 1_000;
        for (int i = 0; i < 2 * times; i++) {
            byId.add("/api/v1/executions/" + some.get(random.nextInt(some.size())));
            String list = "/api/v1/executions?task_id=" + tasks.get(random.nextInt(tasks.size()));
            latest.add(list + "&cursor=");
            failed.add(list + "&status=FAILED&cursor=");
            counted.add(list + "&status=FAILED");
        }
        line(connection, "read an execution by id", byId, report);
        line(connection, "read a task's first page", latest, report);
        line(connection, "read its failed ones, first page", failed, report);
        line(connection, "the same with their number", counted, report);
        deep(connection, tasks.getFirst(), report);
    }

    /** The first half of the paths warms, the other counts. */
    private void line(Connection connection, String name, List<String> paths, Report report) throws IOException {
        Samples latencies = new Samples();
        int bytes = 0;
        for (int i = 0; i < paths.size(); i++) {
            byte[] request = connection.request("GET", paths.get(i), "");
            long begun = System.nanoTime();
            AnswerBuffer answer = NoOpTask.checked(connection, request, 200);
            long took = System.nanoTime() - begun;
            if (2 * i >= paths.size()) {
                latencies.add(took);
                bytes = answer.body().length;
            }
        }
        report(name, latencies, bytes + " bytes", report);
    }

    private void report(String name, Samples latencies, String note, Report report) {
        report.atMost(
                prefix + name + ": p50",
                MOST_MILLIS,
                latencies.medianMillis(),
                "ms",
                "p99 " + Report.number(latencies.percentileMillis(99)) + " ms; " + note);
    }

    /** Walks by cursor through most of a task's executions; the pages behind that count. */
    private void deep(Connection connection, String task, Report report) throws IOException {
        int rows = executions / TASKS;
        int walked = rows * 3 / 4 / PAGE;
        int counted = rows / 5 / PAGE;
        String cursor = "";
        Samples latencies = new Samples();
        for (int i = 0; i < walked + counted; i++) {
            byte[] request = connection.request(
                    "GET",
                    "/api/v1/executions?task_id=" + task + "&limit=" + PAGE + "&cursor="
                            + URLEncoder.encode(cursor, StandardCharsets.UTF_8),
                    "");
            long begun = System.nanoTime();
            AnswerBuffer answer = NoOpTask.checked(connection, request, 200);
            if (i >= walked) {
                latencies.add(System.nanoTime() - begun);
            }
            cursor = Connection.parse(answer)
                    .path("meta")
                    .path("pagination")
                    .path("nextCursor")
                    .asString();
        }
        report(
                "read by cursor, a page of " + PAGE + " after " + walked * PAGE,
                latencies,
                latencies.count() + " pages",
                report);
    }
}

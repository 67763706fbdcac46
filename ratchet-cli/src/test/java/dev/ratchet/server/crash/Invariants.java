package dev.ratchet.server.crash;

import dev.ratchet.server.crash.Sent.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What must hold once everything has come to rest, whatever was killed before. */
final class Invariants {
    private static final Set<String> FINAL = Set.of("COMPLETED", "FAILED", "CANCELLED");
    private static final int SHOWN = 5;

    private final Map<String, List<String>> violations = new LinkedHashMap<>();
    private final Map<String, Integer> checked = new LinkedHashMap<>();

    private final Map<String, Job> jobs = new LinkedHashMap<>();
    private final Map<String, List<Execution>> attempts = new HashMap<>();
    private final Map<String, List<Job>> byToken = new HashMap<>();
    private final Set<String> spare = new HashSet<>();

    private record Job(
            String id,
            String token,
            String taskId,
            String status,
            String execution,
            int attempt,
            @Nullable String node,
            @Nullable String gate,
            boolean retriesLeft) {}

    private record Execution(
            String id,
            String job,
            String task,
            int attempt,
            String status,
            @Nullable String outcome,
            @Nullable String output) {}

    private Invariants() {}

    /** Looks at everything; the servers have stopped, or do nothing any more. */
    static Invariants check(CrashDatabase database, Load load, Receiver receiver, boolean stopped) throws SQLException {
        Invariants found = new Invariants();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            found.read(statement);
            found.accepted(load);
            found.attempts();
            found.results(load, receiver);
            found.effects(statement, load, receiver);
            found.once(load);
            found.told(load);
            found.deliveries(statement, load, receiver);
            found.limits(statement, receiver);
            found.logs(statement, load);
            found.counters(statement);
            found.endedJobs(statement);
            found.schedules(statement);
            found.remains(statement, database, stopped);
        }
        for (String complaint : load.complaints()) {
            found.holds("no request was answered with what it should not get", false, complaint);
        }
        return found;
    }

    boolean hold() {
        return violations.values().stream().allMatch(List::isEmpty);
    }

    /** One line for each invariant, and some more for each that does not hold. */
    List<String> report() {
        List<String> lines = new ArrayList<>();
        violations.forEach((name, found) -> {
            lines.add((found.isEmpty() ? "PASS  " : "FAIL  ") + name + " (" + checked.get(name) + ")");
            found.stream().limit(SHOWN).forEach(violation -> lines.add("        " + violation));
            if (found.size() > SHOWN) {
                lines.add("        and " + (found.size() - SHOWN) + " more");
            }
        });
        return lines;
    }

    private void holds(String name, boolean condition, String violation) {
        List<String> list = violations.computeIfAbsent(name, _ -> new ArrayList<>());
        checked.merge(name, 1, Integer::sum);
        if (!condition) {
            list.add(violation);
        }
    }

    private void read(Statement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery("select id from tasks where name like '" + Load.SPARE + "%'")) {
            while (rows.next()) {
                spare.add(rows.getString(1));
            }
        }
        try (ResultSet rows = statement.executeQuery("select id, task_id, status, execution_id, attempt, node_id, gate,"
                + " retry_count < max_retries as retries_left, input from jobs where task_id not in"
                + " (select id from tasks where name = '" + Filler.TASK + "') order by id")) {
            while (rows.next()) {
                String input = rows.getString("input");
                JsonNode token = JsonMapper.shared()
                        .readTree(input == null ? "{}" : input)
                        .path("token");
                Job job = new Job(
                        rows.getString("id"),
                        token.asString(""),
                        rows.getString("task_id"),
                        rows.getString("status"),
                        rows.getString("execution_id"),
                        rows.getInt("attempt"),
                        rows.getString("node_id"),
                        rows.getString("gate"),
                        rows.getBoolean("retries_left"));
                jobs.put(job.id(), job);
                if (!job.token().isEmpty()) {
                    byToken.computeIfAbsent(job.token(), _ -> new ArrayList<>()).add(job);
                }
            }
        }
        try (ResultSet rows = statement.executeQuery(
                "select id, job_id, task_id, attempt, status, outcome, output from executions order by job_id, attempt")) {
            while (rows.next()) {
                attempts.computeIfAbsent(rows.getString("job_id"), _ -> new ArrayList<>())
                        .add(new Execution(
                                rows.getString("id"),
                                rows.getString("job_id"),
                                rows.getString("task_id"),
                                rows.getInt("attempt"),
                                rows.getString("status"),
                                rows.getString("outcome"),
                                rows.getString("output")));
            }
        }
    }

    private Optional<Job> job(Sent one) {
        return one.job().map(jobs::get).or(() -> byToken.getOrDefault(one.token(), List.of()).stream()
                .findFirst());
    }

    private void accepted(Load load) {
        String name = "1 every acknowledged job exists, and every job has ended";
        for (Sent one : load.sent()) {
            one.job().ifPresent(id -> holds(name, jobs.containsKey(id), one.kind() + " job " + id + " is gone"));
        }
        for (Job job : jobs.values()) {
            boolean rests = FINAL.contains(job.status()) && job.node() == null && job.gate() == null;
            holds(name, rests, "job does not rest: " + job);
        }
    }

    private void attempts() {
        String name = "2 attempts are numbered without a gap, and the last one only stands for the job";
        for (Job job : jobs.values()) {
            List<Execution> made = attempts.getOrDefault(job.id(), List.of());
            // Of a spare job the first attempts may have been removed.
            int first = spare.contains(job.taskId()) && !made.isEmpty()
                    ? made.getFirst().attempt()
                    : 1;
            for (int i = 0; i < made.size(); i++) {
                Execution one = made.get(i);
                holds(
                        name,
                        one.attempt() == first + i,
                        "attempt " + (first + i) + " is missing of " + job + ": " + made);
                boolean last = i == made.size() - 1;
                boolean right = last
                        ? one.id().equals(job.execution())
                                && one.attempt() == job.attempt()
                                && one.status().equals(job.status())
                        : one.status().equals("FAILED") || one.status().equals("CANCELLED");
                holds(name, right, "attempt " + one + " of " + job);
            }
            holds(name, !made.isEmpty(), "no attempt of " + job);
        }
    }

    private void results(Load load, Receiver receiver) {
        String name = "3 nothing is called completed that was not: results and effects are there";
        for (Sent one : load.sent()) {
            Optional<Job> found = job(one).filter(job -> job.status().equals("COMPLETED"));
            if (found.isEmpty()) {
                continue;
            }
            List<Execution> made = attempts.getOrDefault(found.get().id(), List.of());
            String output = made.isEmpty() ? null : made.getLast().output();
            JsonNode result = JsonMapper.shared().readTree(output == null ? "null" : output);
            boolean right = result.path("token").asString("").equals(one.token())
                    && result.path("doubled").asInt(-1) == 2 * one.number();
            holds(name, right, one.kind() + " " + one.token() + " gave " + output + " in " + found.get());
            switch (one.kind()) {
                case EFFECT ->
                    holds(
                            name,
                            receiver.effects(one.token())
                                    .containsKey(found.get().execution()),
                            "no effect of " + found.get());
                case FLAKY ->
                    holds(
                            name,
                            found.get().attempt()
                                    > one.body().path("input").path("failures").asInt(),
                            "completed too early: " + found.get());
                case FAILING, ENDLESS -> holds(name, false, "cannot complete: " + found.get());
                case PLAIN, DIRECT, KEPT, LATER, DELIVERED, LIMITED, TALKING -> {
                    // The result says it all.
                }
            }
        }
    }

    private void effects(Statement statement, Load load, Receiver receiver) throws SQLException {
        String name = "4 unsafe requests: journalled before, one for each attempt, none after one of unknown fate";
        Map<String, Integer> requests = new HashMap<>();
        Map<String, Integer> unsettled = new HashMap<>();
        try (ResultSet rows = statement.executeQuery("select execution_id, count(*) as n,"
                + " sum(case when answered_at is null then 1 else 0 end) as open"
                + " from outgoing_requests group by execution_id")) {
            while (rows.next()) {
                requests.put(rows.getString("execution_id"), rows.getInt("n"));
                unsettled.put(rows.getString("execution_id"), rows.getInt("open"));
            }
        }
        for (Sent one : load.sent()) {
            Set<String> own = new HashSet<>();
            job(one).ifPresent(job -> attempts.getOrDefault(job.id(), List.of()).forEach(made -> own.add(made.id())));
            receiver.effects(one.token()).forEach((execution, times) -> {
                holds(name, times == 1, execution + " of " + one.token() + " acted " + times + " times");
                holds(name, own.contains(execution), execution + " acted and is no attempt of " + one.token());
                holds(name, requests.getOrDefault(execution, 0) == 1, execution + " acted without a note of it");
            });
        }
        for (Job job : jobs.values()) {
            for (Execution made : attempts.getOrDefault(job.id(), List.of())) {
                boolean open = unsettled.getOrDefault(made.id(), 0) > 0;
                boolean last = made.id().equals(job.execution());
                holds(name, !open || last, "repeated after a request of unknown fate: " + made + " of " + job);
                boolean lost =
                        "LOST".equals(made.outcome()) && job.status().equals("FAILED") && last && job.retriesLeft();
                holds(
                        name,
                        !lost || open,
                        "given up although nothing of unknown fate had left and retries were left: " + job);
            }
        }
    }

    private void once(Load load) {
        String name = "5 one request makes at most one job, and exactly one under its key";
        for (Sent one : load.sent()) {
            int made = byToken.getOrDefault(one.token(), List.of()).size();
            holds(name, made <= 1, one.kind() + " " + one.token() + " made " + made + " jobs");
            if (one.kind() == Kind.KEPT) {
                holds(name, made == 1, one.token() + " was sent until it was acknowledged and made " + made + " jobs");
            }
        }
    }

    private void told(Load load) {
        String name = "6 what clients were told stays true";
        for (Sent one : load.sent()) {
            Optional<Job> found = job(one);
            if (found.isEmpty()) {
                continue;
            }
            Job job = found.get();
            one.told()
                    .ifPresent(status ->
                            holds(name, status.equals(job.status()), "it was told to be " + status + ": " + job));
            if (one.isCancelAcknowledged()) {
                holds(name, job.status().equals("CANCELLED"), "cancelling was acknowledged: " + job);
            }
        }
    }

    private void deliveries(Statement statement, Load load, Receiver receiver) throws SQLException {
        String name = "7 every delivery that is due has ended, and arrived if it says so";
        record Delivered(String id, String job, String execution, String status, int attempts) {}
        Map<String, List<Delivered>> byJob = new HashMap<>();
        try (ResultSet rows =
                statement.executeQuery("select id, job_id, execution_id, status, attempts from deliveries")) {
            while (rows.next()) {
                Delivered one = new Delivered(
                        rows.getString("id"),
                        rows.getString("job_id"),
                        rows.getString("execution_id"),
                        rows.getString("status"),
                        rows.getInt("attempts"));
                byJob.computeIfAbsent(one.job(), _ -> new ArrayList<>()).add(one);
            }
        }
        Map<String, List<Boolean>> results = new HashMap<>();
        try (ResultSet rows = statement.executeQuery(
                "select delivery_id, success from delivery_results order by delivery_id, number")) {
            while (rows.next()) {
                results.computeIfAbsent(rows.getString("delivery_id"), _ -> new ArrayList<>())
                        .add(rows.getBoolean("success"));
            }
        }
        Map<String, Receiver.Hook> hooks = receiver.hooks();
        for (Sent one : load.sent()) {
            Optional<Job> found = job(one);
            if (one.kind() != Kind.DELIVERED || found.isEmpty()) {
                continue;
            }
            Job job = found.get();
            List<Delivered> made = byJob.getOrDefault(job.id(), List.of());
            boolean due = job.status().equals("COMPLETED");
            holds(name, made.size() == (due ? 1 : 0), made.size() + " deliveries of " + job);
            for (Delivered delivery : made) {
                List<Boolean> tried = results.getOrDefault(delivery.id(), List.of());
                holds(name, delivery.execution().equals(job.execution()), delivery + " of " + job);
                holds(name, delivery.status().equals("DELIVERED"), "not delivered: " + delivery);
                holds(
                        name,
                        !tried.isEmpty() && tried.getLast() && tried.size() <= delivery.attempts(),
                        "attempts " + tried + " of " + delivery);
                Receiver.Hook hook = hooks.get(delivery.id());
                holds(
                        name,
                        hook != null && hook.accepted() > 0 && hook.token().equals(one.token()),
                        "the receiver knows " + hook + " of " + delivery);
            }
        }
        Collection<Delivered> all =
                byJob.values().stream().flatMap(List::stream).toList();
        for (String id : hooks.keySet()) {
            holds(name, all.stream().anyMatch(one -> one.id().equals(id)), "webhook " + id + " is no delivery");
        }
    }

    private void limits(Statement statement, Receiver receiver) throws SQLException {
        String name = "8 no more ran under a concurrency key than its limit allows, and none is counted at the end";
        receiver.mostPresent()
                .forEach((key, most) -> holds(
                        name, key.endsWith("-" + most) || most < limit(key), most + " ran at a time under " + key));
        try (ResultSet rows = statement.executeQuery("select key, running from concurrency_slots")) {
            while (rows.next()) {
                holds(
                        name,
                        rows.getInt("running") == 0,
                        rows.getInt("running") + " count as running under " + rows.getString("key"));
            }
        }
    }

    private static int limit(String key) {
        return Integer.parseInt(key.substring(key.lastIndexOf('-') + 1));
    }

    private void logs(Statement statement, Load load) throws SQLException {
        String name = "9 a completed attempt has its whole log";
        Map<String, List<String>> logs = new HashMap<>();
        try (ResultSet rows = statement.executeQuery(
                "select execution_id, message from execution_logs order by execution_id, number")) {
            while (rows.next()) {
                logs.computeIfAbsent(rows.getString("execution_id"), _ -> new ArrayList<>())
                        .add(rows.getString("message"));
            }
        }
        for (Sent one : load.sent()) {
            Optional<Job> job = job(one).filter(found -> found.status().equals("COMPLETED"));
            if (one.kind() == Kind.TALKING && job.isPresent()) {
                List<String> log = logs.getOrDefault(job.get().execution(), List.of());
                boolean whole = log.size() == Load.LINES;
                for (int line = 0; line < Load.LINES && whole; line++) {
                    whole = log.get(line).contains("line " + line);
                }
                holds(name, whole, log + " is the log of " + job.get());
            }
        }
    }

    private void counters(Statement statement) throws SQLException {
        String name = "10 the counters of tasks agree with their attempts";
        Map<String, Map<String, Integer>> counted = new TreeMap<>();
        for (List<Execution> made : attempts.values()) {
            for (Execution one : made) {
                counted.computeIfAbsent(one.task(), _ -> new TreeMap<>()).merge(one.status(), 1, Integer::sum);
            }
        }
        try (ResultSet rows =
                // What removed jobs add stays counted.
                statement.executeQuery(
                        "select task_id, completed, failed, cancelled from task_counters where task_id in"
                                + " (select id from tasks where name not like '" + Load.SPARE + "%')")) {
            while (rows.next()) {
                Map<String, Integer> own = counted.getOrDefault(rows.getString("task_id"), Map.of());
                Map<String, Integer> stored = new TreeMap<>(Map.of(
                        "COMPLETED", rows.getInt("completed"),
                        "FAILED", rows.getInt("failed"),
                        "CANCELLED", rows.getInt("cancelled")));
                stored.values().removeIf(number -> number == 0);
                holds(name, stored.equals(own), stored + " are counted, there are " + own);
            }
        }
    }

    /** Whatever was removed or tried again meanwhile. */
    private void endedJobs(Statement statement) throws SQLException {
        String name = "10b the counters of ended jobs agree with the jobs";
        try (ResultSet rows = statement.executeQuery("select c.task_id, completed_jobs, failed_jobs, cancelled_jobs,"
                + " (select count(*) from jobs j where j.task_id = c.task_id and j.status = 'COMPLETED') as completed,"
                + " (select count(*) from jobs j where j.task_id = c.task_id and j.status = 'FAILED') as failed,"
                + " (select count(*) from jobs j where j.task_id = c.task_id and j.status = 'CANCELLED') as cancelled"
                + " from task_counters c")) {
            while (rows.next()) {
                for (String status : List.of("completed", "failed", "cancelled")) {
                    holds(
                            name,
                            rows.getLong(status) == rows.getLong(status + "_jobs"),
                            rows.getLong(status + "_jobs") + " are counted as " + status + " of task "
                                    + rows.getString("task_id") + ", there are " + rows.getLong(status));
                }
            }
        }
    }

    private void schedules(Statement statement) throws SQLException {
        String name = "11 each planned time of a schedule makes one job, and none is left out";
        record Planned(String schedule, long at, String status, String task) {}
        List<Planned> planned = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("select s.name, j.planned_for, j.status, j.task_id from jobs j"
                + " join schedules s on s.id = j.schedule_id order by j.planned_for")) {
            while (rows.next()) {
                planned.add(new Planned(
                        rows.getString("name"),
                        rows.getLong("planned_for"),
                        rows.getString("status"),
                        rows.getString("task_id")));
            }
        }
        List<Planned> steady = planned.stream()
                .filter(one -> one.schedule().equals(Load.STEADY))
                .toList();
        for (int i = 0; i < steady.size(); i++) {
            Planned one = steady.get(i);
            holds(name, one.status().equals("COMPLETED"), "not completed: " + one);
            holds(
                    name,
                    i == 0 || one.at() - steady.get(i - 1).at() == Load.STEADY_SECONDS * 1000L,
                    "between " + (i == 0 ? one : steady.get(i - 1)) + " and " + one);
        }
        List<Planned> replaced = planned.stream()
                .filter(one -> one.schedule().equals(Load.REPLACING))
                .toList();
        for (int i = 0; i < replaced.size(); i++) {
            Planned one = replaced.get(i);
            holds(name, one.status().equals("CANCELLED"), "not replaced: " + one);
            holds(name, i == 0 || one.at() > replaced.get(i - 1).at(), "twice: " + one);
        }
        try (ResultSet rows = statement.executeQuery("select s.name, s.execution_count, s.enabled, s.last_error,"
                + " (select count(*) from jobs j where j.schedule_id = s.id) as jobs from schedules s")) {
            while (rows.next()) {
                String schedule = rows.getString("name");
                if (schedule.equals(Load.STEADY) || schedule.equals(Load.REPLACING)) {
                    holds(name, rows.getLong("jobs") > 0, schedule + " never fired");
                    holds(
                            name,
                            rows.getLong("jobs") == rows.getLong("execution_count"),
                            schedule + " counts " + rows.getLong("execution_count") + " of " + rows.getLong("jobs"));
                }
            }
        }
    }

    private void remains(Statement statement, CrashDatabase database, boolean stopped) throws SQLException {
        String name = "12 nothing is left behind and the database is whole";
        holds(name, stopped, "the last server did not stop as it should");
        Map<String, String> empty = new LinkedHashMap<>();
        empty.put("nodes", "select count(*) from nodes");
        empty.put(
                "executions without a job",
                "select count(*) from executions where job_id not in (select id from jobs)");
        empty.put("attempts under way", "select count(*) from executions where status in ('PENDING', 'RUNNING')");
        empty.put(
                "deliveries under way",
                "select count(*) from deliveries where status not in ('DELIVERED', 'FAILED') or node_id is not null");
        for (Map.Entry<String, String> query : empty.entrySet()) {
            try (ResultSet rows = statement.executeQuery(query.getValue())) {
                rows.next();
                holds(name, rows.getInt(1) == 0, rows.getInt(1) + " " + query.getKey());
            }
        }
        if (database.kind() == CrashDatabase.Kind.SQLITE) {
            try (ResultSet rows = statement.executeQuery("pragma integrity_check")) {
                rows.next();
                holds(name, rows.getString(1).equals("ok"), "integrity_check says " + rows.getString(1));
            }
            try (ResultSet rows = statement.executeQuery("pragma foreign_key_check")) {
                holds(name, !rows.next(), "foreign_key_check finds rows");
            }
        }
    }

    /** How many jobs and attempts were looked at, and how many attempts were lost. */
    String size() {
        Comparator<List<Execution>> bySize = Comparator.comparingInt(List::size);
        long lost = attempts.values().stream()
                .flatMap(List::stream)
                .filter(one -> "LOST".equals(one.outcome()))
                .count();
        return jobs.size() + " jobs, "
                + attempts.values().stream().mapToInt(List::size).sum() + " attempts, " + lost
                + " of them lost, at most "
                + attempts.values().stream().max(bySize).map(List::size).orElse(0) + " for a job";
    }
}

package dev.ratchet.storage;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.delivery.DeliveryPlanner;
import dev.ratchet.core.delivery.NewDelivery;
import dev.ratchet.core.execution.ExecutionStatus;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.core.execution.OutcomeKind;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.NodeId;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.job.Acceptance;
import dev.ratchet.core.job.AttemptEnd;
import dev.ratchet.core.job.Claim;
import dev.ratchet.core.job.Job;
import dev.ratchet.core.job.JobField;
import dev.ratchet.core.job.JobStatus;
import dev.ratchet.core.job.JobStore;
import dev.ratchet.core.job.NewJob;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;
import dev.ratchet.storage.Payloads.Placed;
import dev.ratchet.storage.listing.LabelText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The queue in SQL. Everything that answers a caller is committed in a group; what a job's {@code gate} means stands in
 * the schema.
 */
final class SqlJobStore implements JobStore {
    private static final int GATE_LATER = 0;
    private static final int GATE_OPEN = 1;
    private static final int GATE_SET_ASIDE = 2;
    private static final int GATE_PAUSED = 3;

    private static final int MAX_TENANTS = 1_000;
    private static final int MAX_CLAIM_ROUNDS = 8;
    private static final int MAX_KEYS_SWEPT = 100;
    private static final int MAX_TASKS_SWEPT = 1_000;

    /** The gate of a job that is due: open, unless its task is paused. */
    private static final String OPEN_UNLESS_PAUSED =
            "case when exists (select 1 from tasks t where t.id = jobs.task_id and t.paused) then 3 else 1 end";

    /** What a claim is made of. Whether the task was paused just now, its jobs' gates not having been shut yet. */
    private static final String CLAIMED = "returning input, input_payload_id, lease_token, "
            + "exists (select 1 from tasks t where t.id = jobs.task_id and t.paused) as task_paused, "
            // A claimed job is marked so only once it has its room, so that one that has none keeps its state.
            + JobRows.COLUMNS.replace(" status,", " 'PROCESSING' as status,");

    private static final String INSERT_JOB = """
            insert into jobs (id, tenant_id, task_id, version_id, origin, origin_execution_id, schedule_id, planned_for, \
            actor, priority, status, gate, rank, due_at, queued_at, scheduled_for, started_at, retry_count, max_retries, \
            retry_policy, concurrency_key, concurrency_limit, timeout_ms, tags, destinations, input, input_payload_id, \
            input_bytes, execution_id, attempt, redriven, node_id, lease_token, revision)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, \
            case when ? = 1 and exists (select 1 from tasks t where t.id = ? and t.paused) then 3 else ? end, \
            ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)
            on conflict do nothing""";

    private static final String INSERT_EXECUTION = """
            insert into executions (id, tenant_id, job_id, task_id, version_id, schedule_id, origin, origin_execution_id, \
            attempt, status, queued_at, started_at, http_requests, dropped_log_bytes, output_bytes, recording_bytes, \
            log_bytes, node_id, node_name, lease_token)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, ?, (select name from nodes where id = ?), ?)""";

    private final Sql sql;
    private final Dialect dialect;
    private final Payloads payloads;
    private final Lists lists;
    private volatile String lastTenant = "";

    SqlJobStore(Sql sql, Dialect dialect, Payloads payloads, Lists lists) {
        this.sql = sql;
        this.dialect = dialect;
        this.payloads = payloads;
        this.lists = lists;
    }

    // ---- accepting

    @Override
    public Acceptance accept(NewJob job) {
        return sql.commit(session -> accept(session, job));
    }

    @Override
    public Acceptance acceptWithin(NewJob job) {
        return sql.within(session -> accept(session, job));
    }

    private Acceptance accept(SqlSession session, NewJob wanted) throws SQLException {
        Job job = wanted.job();
        if (wanted.idempotency().isPresent()) {
            Optional<Acceptance> known =
                    acceptedBefore(session, job, wanted.idempotency().get());
            if (known.isPresent()) {
                return known.get();
            }
        }
        boolean started = wanted.startOn().isPresent();
        Integer gate = started ? null : job.dueAt().isAfter(job.queuedAt()) ? GATE_LATER : GATE_OPEN;
        long token = started ? Claim.FIRST_TOKEN : 0;
        String node = Row.id(wanted.startOn());
        Placed input = payloads.place(session, job.tenant(), Optional.of(wanted.input()));
        int inserted = session.update(
                INSERT_JOB,
                job.id().toString(),
                job.tenant().value(),
                job.task().toString(),
                job.version().toString(),
                job.origin().name(),
                Row.id(wanted.repeats()),
                Row.id(job.schedule()),
                Row.millis(wanted.plannedFor()),
                job.actor(),
                JobRows.number(job.priority()),
                job.status().name(),
                gate == null ? -1 : gate,
                job.task().toString(),
                gate,
                job.priority().rank(job.dueAt()),
                job.dueAt().toEpochMilli(),
                job.queuedAt().toEpochMilli(),
                Row.millis(job.scheduledFor()),
                Row.millis(job.startedAt()),
                job.retry().maxRetries(),
                JobRows.text(job.retry()),
                job.concurrency().map(limit -> limit.key()).orElse(null),
                job.concurrency().map(limit -> limit.limit()).orElse(null),
                job.timeout().map(timeout -> timeout.toMillis()).orElse(null),
                LabelText.write(job.tags()),
                job.destinations().map(JsonText::value).orElse(null),
                input.inline(),
                input.payloadId(),
                input.bytes(),
                job.execution().toString(),
                job.attempt(),
                false,
                node,
                token);
        if (inserted == 0) {
            return new Acceptance.FiredBefore();
        }
        insertExecution(
                session,
                job,
                job.execution(),
                job.attempt(),
                started ? ExecutionStatus.RUNNING : ExecutionStatus.PENDING,
                job.queuedAt(),
                wanted.repeats(),
                Row.millis(job.startedAt()),
                node,
                token);
        if (wanted.repeats().isPresent()) {
            session.update(
                    "update jobs set redriven = ? where id = (select job_id from executions where id = ?)",
                    true,
                    wanted.repeats().get().toString());
        }
        return new Acceptance.Accepted(job.id(), job.execution());
    }

    private Optional<Acceptance> acceptedBefore(SqlSession session, Job job, NewJob.Idempotency key)
            throws SQLException {
        int taken = session.update(
                """
                insert into idempotency_keys (tenant_id, key, fingerprint, job_id, execution_id, expires_at)
                values (?, ?, ?, ?, ?, ?)
                on conflict (tenant_id, key) do update set fingerprint = excluded.fingerprint, \
                job_id = excluded.job_id, execution_id = excluded.execution_id, expires_at = excluded.expires_at
                where idempotency_keys.expires_at <= ?""",
                job.tenant().value(),
                key.key(),
                key.fingerprint(),
                job.id().toString(),
                job.execution().toString(),
                key.expiresAt().toEpochMilli(),
                job.queuedAt().toEpochMilli());
        if (taken == 1) {
            return Optional.empty();
        }
        // A statement of its own: it sees what whoever held the key just now has committed.
        Optional<Acceptance> known = session.queryFirst(
                """
                select k.fingerprint, j.id, j.execution_id from idempotency_keys k join jobs j on j.id = k.job_id
                where k.tenant_id = ? and k.key = ?""",
                row -> Row.text(row, "fingerprint").equals(key.fingerprint())
                        ? new Acceptance.Repeated(
                                Row.id(row, "id", JobId::new), Row.id(row, "execution_id", ExecutionId::new))
                        : new Acceptance.KeyTaken(Row.id(row, "id", JobId::new)),
                job.tenant().value(),
                key.key());
        if (known.isEmpty()) {
            // Its job has been removed meanwhile, or never came into being.
            session.update(
                    """
                    update idempotency_keys set fingerprint = ?, job_id = ?, execution_id = ?, expires_at = ?
                    where tenant_id = ? and key = ?""",
                    key.fingerprint(),
                    job.id().toString(),
                    job.execution().toString(),
                    key.expiresAt().toEpochMilli(),
                    job.tenant().value(),
                    key.key());
        }
        return known;
    }

    private static void insertExecution(
            SqlSession session,
            Job job,
            ExecutionId id,
            int attempt,
            ExecutionStatus status,
            Instant queuedAt,
            Optional<ExecutionId> repeats,
            @Nullable Long startedAt,
            @Nullable String node,
            long token)
            throws SQLException {
        session.update(
                INSERT_EXECUTION,
                id.toString(),
                job.tenant().value(),
                job.id().toString(),
                job.task().toString(),
                job.version().toString(),
                Row.id(job.schedule()),
                job.origin().name(),
                Row.id(repeats),
                attempt,
                status.name(),
                queuedAt.toEpochMilli(),
                startedAt,
                node,
                node,
                token);
    }

    // ---- claiming

    /** A row as it was claimed. */
    private record Claimed(Claim claim, @Nullable String payloadId, boolean paused) {}

    @Override
    public List<Claim> claim(NodeId node, int most, Instant now) {
        // Looked up outside of the write: most of the time there is nothing to claim.
        List<String> tenants = sql.read(this::tenantsWithWork);
        if (tenants.isEmpty()) {
            return List.of();
        }
        Round round;
        do {
            // What has no room was set aside, and what comes behind it must not wait until somebody looks again.
            round = sql.commit(session -> claim(session, tenants, node, most, now));
        } while (round.claims().isEmpty() && round.more());
        List<Claim> claims = round.claims();
        if (!claims.isEmpty()) {
            lastTenant = claims.getLast().job().tenant().value();
        }
        return claims;
    }

    /**
     * What one transaction claimed.
     *
     * @param more whether it left jobs that it has not looked at
     */
    private record Round(List<Claim> claims, boolean more) {}

    /** Walks from one tenant to the next instead of over all of their jobs; begins after the one served last. */
    private List<String> tenantsWithWork(SqlSession session) throws SQLException {
        List<String> before = new ArrayList<>();
        List<String> after = new ArrayList<>();
        String last = lastTenant;
        String tenant = "";
        while (before.size() + after.size() < MAX_TENANTS) {
            String from = tenant;
            record Next(String tenant, boolean paused) {}
            Optional<Next> next = session.queryFirst(
                    """
                    select j.tenant_id, coalesce((select t.queue_paused from tenants t \
                    where t.tenant_id = j.tenant_id), false) as paused
                    from jobs j where j.gate = 1 and j.tenant_id > ? order by j.tenant_id limit 1""", row -> new Next(Row.text(row, "tenant_id"), row.getBoolean("paused")), from);
            if (next.isEmpty()) {
                break;
            }
            tenant = next.get().tenant();
            if (!next.get().paused()) {
                (tenant.compareTo(last) > 0 ? after : before).add(tenant);
            }
        }
        after.addAll(before);
        return after;
    }

    private Round claim(SqlSession session, List<String> tenants, NodeId node, int most, Instant now)
            throws SQLException {
        List<Claim> claims = new ArrayList<>();
        List<String> left = new ArrayList<>(tenants);
        for (int round = 0; round < MAX_CLAIM_ROUNDS && claims.size() < most && !left.isEmpty(); round++) {
            int share = Math.max(1, (most - claims.size()) / left.size());
            for (String tenant : List.copyOf(left)) {
                int wanted = Math.min(share, most - claims.size());
                if (wanted == 0) {
                    break;
                }
                List<Claimed> taken = take(session, tenant, node, wanted);
                for (Claimed claimed : taken) {
                    Job job = claimed.claim().job();
                    if (claimed.paused()) {
                        putBack(session, job, GATE_PAUSED);
                    } else if (hasRoom(session, job)) {
                        claims.add(withInput(session, claimed));
                    } else {
                        putBack(session, job, GATE_SET_ASIDE);
                    }
                }
                if (taken.size() < wanted) {
                    left.remove(tenant);
                }
            }
        }
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Claim claim : claims) {
            rows.add(new @Nullable Object[] {
                now.toEpochMilli(),
                node.toString(),
                node.toString(),
                claim.token(),
                claim.job().execution().toString()
            });
        }
        session.batch("""
                update executions set status = 'RUNNING', started_at = ?, node_id = ?, \
                node_name = (select name from nodes where id = ?), lease_token = ? where id = ?""", rows);
        List<@Nullable Object[]> starts = new ArrayList<>();
        for (Claim claim : claims) {
            starts.add(
                    new @Nullable Object[] {now.toEpochMilli(), claim.job().id().toString()});
        }
        session.batch(
                "update jobs set status = 'PROCESSING', started_at = coalesce(started_at, ?) where id = ?", starts);
        return new Round(claims, !left.isEmpty());
    }

    /**
     * Begins a statement that changes jobs of which it may take any. The inner query must run once only: without
     * "materialized" PostgreSQL may run it again for each row of a join, and then takes more than the limit.
     */
    private String picked(String condition) {
        return "with picked as materialized (select id from jobs " + condition + dialect.lockFree() + ") ";
    }

    private List<Claimed> take(SqlSession session, String tenant, NodeId node, int most) throws SQLException {
        List<Claimed> taken = session.query(
                picked("where tenant_id = ? and gate = 1 order by rank, id limit ?")
                        + "update jobs set gate = null, node_id = ?, "
                        + "lease_token = lease_token + 1, revision = revision + 1 where id in (select id from picked) "
                        + CLAIMED,
                SqlJobStore::claimed,
                tenant,
                most,
                node.toString());
        taken.sort((a, b) -> compareRanks(a.claim().job(), b.claim().job()));
        return taken;
    }

    private static int compareRanks(Job a, Job b) {
        int byRank = Long.compare(a.priority().rank(a.dueAt()), b.priority().rank(b.dueAt()));
        return byRank != 0 ? byRank : a.id().toString().compareTo(b.id().toString());
    }

    private static Claimed claimed(ResultSet row) throws SQLException {
        String inline = row.getString("input");
        JsonText input = inline == null ? JsonText.NULL : new JsonText(inline);
        return new Claimed(
                new Claim(JobRows.job(row), input, row.getLong("lease_token")),
                inline == null ? row.getString("input_payload_id") : null,
                row.getBoolean("task_paused"));
    }

    private static Claim withInput(SqlSession session, Claimed claimed) throws SQLException {
        if (claimed.payloadId() == null) {
            return claimed.claim();
        }
        JsonText input = Payloads.load(session, null, claimed.payloadId())
                .orElseThrow(() -> new IllegalStateException(
                        "the input of job " + claimed.claim().job().id() + " is not stored"));
        return new Claim(claimed.claim().job(), input, claimed.claim().token());
    }

    // ---- concurrency keys

    private void lockSlots(SqlSession session) throws SQLException {
        if (!dialect.slotsLock().isEmpty()) {
            session.query(dialect.slotsLock(), _ -> true);
        }
    }

    private boolean hasRoom(SqlSession session, Job job) throws SQLException {
        if (job.concurrency().isEmpty()) {
            return true;
        }
        lockSlots(session);
        return session.update(
                        """
                        insert into concurrency_slots (tenant_id, key, max_running, running) values (?, ?, ?, 1)
                        on conflict (tenant_id, key) do update set running = concurrency_slots.running + 1, \
                        max_running = excluded.max_running
                        where concurrency_slots.running < excluded.max_running""",
                        job.tenant().value(),
                        job.concurrency().get().key(),
                        job.concurrency().get().limit())
                == 1;
    }

    /** Undoes a claim: the job waits behind another gate. */
    private static void putBack(SqlSession session, Job job, int gate) throws SQLException {
        session.update(
                "update jobs set gate = ?, node_id = null where id = ?",
                gate,
                job.id().toString());
    }

    /** Slots of one key that are free again when the transaction is committed. */
    private final class FreedSlots implements SqlSession.Last {
        private final String tenant;
        private final String key;
        private int count;

        FreedSlots(String tenant, String key) {
            this.tenant = tenant;
            this.key = key;
        }

        @Override
        public void run(SqlSession session) throws SQLException {
            lockSlots(session);
            session.update(
                    "update concurrency_slots set running = case when running > ? then running - ? else 0 end "
                            + "where tenant_id = ? and key = ?",
                    count,
                    count,
                    tenant,
                    key);
            letNextIn(session, tenant, key);
            session.update("""
                    delete from concurrency_slots where tenant_id = ? and key = ? and running = 0 and not exists \
                    (select 1 from jobs where tenant_id = ? and concurrency_key = ? and gate = 2)""", tenant, key, tenant, key);
        }
    }

    private void giveSlotBack(SqlSession session, Job job) {
        job.concurrency().ifPresent(limit -> {
            String tenant = job.tenant().value();
            session.last(
                            "1 slots " + tenant + " " + limit.key(),
                            FreedSlots.class,
                            () -> new FreedSlots(tenant, limit.key()))
                    .count++;
        });
    }

    /** Opens the gate for as many jobs of a key as there is room for. */
    private void letNextIn(SqlSession session, String tenant, String key) throws SQLException {
        session.update(
                "with picked as materialized (select id from jobs where tenant_id = ? "
                        + "and concurrency_key = ? and gate = 2 order by rank, id limit coalesce("
                        + "(select max_running - running from concurrency_slots where tenant_id = ? and key = ? "
                        + "and running < max_running), 0)" + dialect.lockFree() + ") update jobs set gate = "
                        + OPEN_UNLESS_PAUSED + " where id in (select id from picked)",
                tenant,
                key,
                tenant,
                key);
    }

    // ---- due times

    @Override
    public int promoteDue(Instant now, int most) {
        boolean due = sql.read(session -> session.queryFirst(
                        "select 1 from jobs where gate = 0 and due_at <= ? limit 1", _ -> true, now.toEpochMilli()))
                .isPresent();
        int promoted = due
                ? sql.commit(session -> session.update(
                        picked("where gate = 0 and due_at <= ? order by due_at limit ?") + "update jobs set gate = "
                                + OPEN_UNLESS_PAUSED + " where id in (select id from picked)",
                        now.toEpochMilli(),
                        most))
                : 0;
        return promoted + sweepSetAside() + sweepPaused();
    }

    /** Whoever was let in may have been cancelled or paused before it was claimed: then others may go in its place. */
    private int sweepSetAside() {
        record Key(String tenant, String key) {}
        List<Key> keys = sql.read(session ->
                session.query("""
                select c.tenant_id, c.key from concurrency_slots c where c.running < c.max_running
                and exists (select 1 from jobs j where j.tenant_id = c.tenant_id and j.concurrency_key = c.key and \
                j.gate = 2)
                and not exists (select 1 from jobs j where j.tenant_id = c.tenant_id and j.concurrency_key = c.key and \
                j.concurrency_key is not null and j.gate = 1)
                limit ?""", row -> new Key(Row.text(row, "tenant_id"), Row.text(row, "key")), MAX_KEYS_SWEPT));
        if (!keys.isEmpty()) {
            sql.commit(session -> {
                lockSlots(session);
                for (Key key : keys) {
                    letNextIn(session, key.tenant(), key.key());
                }
                return keys.size();
            });
        }
        return keys.size();
    }

    /** Whoever was accepted while its task was let go on may not have seen that. */
    private int sweepPaused() {
        record Waiting(String tenant, String task, boolean paused) {}
        List<Waiting> stuck = sql.read(session -> {
            List<Waiting> found = new ArrayList<>();
            Waiting last = new Waiting("", "", true);
            for (int i = 0; i < MAX_TASKS_SWEPT; i++) {
                Waiting from = last;
                Optional<Waiting> next = session.queryFirst(
                        """
                        select j.tenant_id, j.task_id, exists (select 1 from tasks t where t.id = j.task_id and t.paused) \
                        as paused from jobs j where j.gate = 3 and (j.tenant_id, j.task_id) > (?, ?) \
                        order by j.tenant_id, j.task_id limit 1""",
                        row -> new Waiting(
                                Row.text(row, "tenant_id"), Row.text(row, "task_id"), row.getBoolean("paused")),
                        from.tenant(),
                        from.task());
                if (next.isEmpty()) {
                    break;
                }
                last = next.get();
                if (!last.paused()) {
                    found.add(last);
                }
            }
            return found;
        });
        return stuck.isEmpty()
                ? 0
                : sql.commit(session -> {
                    int opened = 0;
                    for (Waiting waiting : stuck) {
                        opened += session.update(
                                "update jobs set gate = " + OPEN_UNLESS_PAUSED
                                        + " where tenant_id = ? and task_id = ? and gate = 3",
                                waiting.tenant(),
                                waiting.task());
                    }
                    return opened;
                });
    }

    @Override
    public Optional<Instant> nextDue() {
        return sql.read(session -> session.queryFirst(
                "select due_at from jobs where gate = 0 order by due_at limit 1", row -> Row.time(row, "due_at")));
    }

    // ---- ending

    private record Standing(boolean cancelWanted) {}

    @Override
    public boolean complete(AttemptEnd end) {
        return sql.commit(session -> complete(session, end));
    }

    private boolean complete(SqlSession session, AttemptEnd end) throws SQLException {
        if (!endJob(session, end, end.then())) {
            Optional<Standing> standing = standing(session, end);
            if (standing.isEmpty()) {
                return storedBefore(session, end) || noteLate(session, end);
            }
            // Nobody wants another attempt any more.
            if (!standing.get().cancelWanted()
                    || !endJob(session, end, new AttemptEnd.Then.Done(JobStatus.CANCELLED))) {
                throw new IllegalStateException("job " + end.claim().job().id() + " is held and cannot be ended");
            }
        }
        Job job = end.claim().job();
        endExecution(session, end);
        giveSlotBack(session, job);
        count(session, job, end.end().kind(), end.end().wallTime().toMillis(), end.endedAt());
        return true;
    }

    /** What the database says of a job whose claim is still good. */
    private Optional<Standing> standing(SqlSession session, AttemptEnd end) throws SQLException {
        return session.queryFirst(
                "select cancel_reason from jobs" + HELD + dialect.lock(),
                row -> new Standing(row.getString("cancel_reason") != null),
                held(end.claim()));
    }

    /** The fence: no row is found once the claim is lost. */
    private static final String HELD =
            " where id = ? and lease_token = ? and execution_id = ? and status = 'PROCESSING'";

    private static @Nullable Object[] held(Claim claim) {
        return new @Nullable Object[] {
            claim.job().id().toString(), claim.token(), claim.job().execution().toString()
        };
    }

    /** False when the claim is lost, or the job was to be tried again and somebody wants it cancelled. */
    private static boolean endJob(SqlSession session, AttemptEnd end, AttemptEnd.Then then) throws SQLException {
        return switch (then) {
            case AttemptEnd.Then.Done(JobStatus status) -> endJob(session, end, status);
            case AttemptEnd.Then.Again(Instant dueAt, ExecutionId next) ->
                tryAgain(session, end, JobStatus.RETRYING, dueAt, next, 1);
            case AttemptEnd.Then.HandedBack(ExecutionId next) ->
                tryAgain(session, end, JobStatus.QUEUED, end.endedAt(), next, 0);
        };
    }

    /** Whether exactly this end is stored: its caller did not hear of the commit. */
    private static boolean storedBefore(SqlSession session, AttemptEnd end) throws SQLException {
        return session.queryFirst(
                        "select 1 from executions where id = ? and lease_token = ? and status = ? and completed_at = ?",
                        _ -> true,
                        end.claim().job().execution().toString(),
                        end.claim().token(),
                        end.end().kind().status().name(),
                        end.endedAt().toEpochMilli())
                .isPresent();
    }

    private static boolean noteLate(SqlSession session, AttemptEnd end) throws SQLException {
        session.update(
                "update executions set late_result = ? where id = ?",
                end.end().kind() + " at " + end.endedAt() + ", after the lease was lost; does not count",
                end.claim().job().execution().toString());
        return false;
    }

    private void endExecution(SqlSession session, AttemptEnd end) throws SQLException {
        Job job = end.claim().job();
        Placed output = payloads.place(session, job.tenant(), end.end().output());
        Placed recording = payloads.place(session, job.tenant(), end.recording());
        String execution = job.execution().toString();
        session.update(
                """
                update executions set status = ?, outcome = ?, error_type = ?, error_message = ?, error_details = ?, \
                completed_at = ?, wall_ms = ?, cpu_ms = ?, http_requests = ?, dropped_log_bytes = ?, output = ?, \
                output_payload_id = ?, output_bytes = ?, recording = ?, recording_payload_id = ?, recording_bytes = ?, \
                cached_from = ?, progress = coalesce(?, progress), \
                progress_message = coalesce(?, progress_message) where id = ?""",
                end.end().kind().status().name(),
                end.end().kind().name(),
                end.end().error().map(error -> Row.clean(error.type())).orElse(null),
                end.end().error().map(error -> Row.clean(error.message())).orElse(null),
                end.end()
                        .error()
                        .flatMap(error -> error.details())
                        .map(JsonText::value)
                        .orElse(null),
                end.endedAt().toEpochMilli(),
                end.end().wallTime().toMillis(),
                end.end().cpuTime().toMillis(),
                end.end().httpRequests(),
                end.end().droppedLogBytes(),
                output.inline(),
                output.payloadId(),
                output.bytes(),
                recording.inline(),
                recording.payloadId(),
                recording.bytes(),
                Row.id(end.end().cachedFrom()),
                end.progress().map(AttemptEnd.Progress::fraction).orElse(null),
                end.progress().map(said -> Row.clean(said.message())).orElse(null),
                execution);
        insertLog(session, job, end.firstLogLine(), end.log());
    }

    private static boolean endJob(SqlSession session, AttemptEnd end, JobStatus status) throws SQLException {
        Job job = end.claim().job();
        int ended = session.update(
                "update jobs set status = ?, completed_at = ?, node_id = null, error_message = ?, "
                        + "revision = revision + 1" + HELD,
                status.name(),
                end.endedAt().toEpochMilli(),
                end.end().error().map(error -> Row.clean(error.message())).orElse(null),
                job.id().toString(),
                end.claim().token(),
                job.execution().toString());
        if (ended == 0) {
            return false;
        }
        insertDeliveries(session, job, end.deliveries(), end.endedAt());
        counts(session, job.tenant(), job.task()).addJobs(status, 1);
        if (job.schedule().isPresent() && status != JobStatus.CANCELLED) {
            tellSchedule(session, job, status);
        }
        return true;
    }

    private static void insertDeliveries(SqlSession session, Job job, List<NewDelivery> deliveries, Instant at)
            throws SQLException {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (NewDelivery delivery : deliveries) {
            rows.add(new @Nullable Object[] {
                delivery.id().toString(),
                job.tenant().value(),
                job.id().toString(),
                job.execution().toString(),
                job.task().toString(),
                delivery.destinationType(),
                delivery.destination().value(),
                at.toEpochMilli(),
                at.toEpochMilli(),
                at.toEpochMilli()
            });
        }
        session.batch("""
                insert into deliveries (id, tenant_id, job_id, execution_id, task_id, destination_type, destination, \
                status, attempts, earlier_attempts, begun_at, due_at, created_at, lease_token) \
                values (?, ?, ?, ?, ?, ?, ?, 'PENDING', 0, 0, ?, ?, ?, 0)""", rows);
    }

    /** How jobs of one schedule ended in a transaction, in order. */
    private static final class ScheduleEnds implements SqlSession.Last {
        private final String schedule;
        private boolean succeeded;
        private int failuresSince;

        ScheduleEnds(String schedule) {
            this.schedule = schedule;
        }

        void add(boolean success) {
            succeeded |= success;
            failuresSince = success ? 0 : failuresSince + 1;
        }

        @Override
        public void run(SqlSession session) throws SQLException {
            if (succeeded) {
                session.update(
                        "update schedules set consecutive_failures = 0 where id = ? and consecutive_failures > 0",
                        schedule);
            }
            if (failuresSince == 0) {
                return;
            }
            session.update(
                    "update schedules set consecutive_failures = consecutive_failures + ? where id = ?",
                    failuresSince,
                    schedule);
            session.update("""
                    update schedules set enabled = ?, next_run_at = null, fire_at = null, revision = revision + 1, \
                    pause_reason = 'stopped after ' || consecutive_failures || ' failures in a row'
                    where id = ? and enabled and consecutive_failures >= pause_after_failures""", false, schedule);
        }
    }

    private static void tellSchedule(SqlSession session, Job job, JobStatus status) {
        String schedule = job.schedule().orElseThrow().toString();
        session.last("3 schedule " + schedule, ScheduleEnds.class, () -> new ScheduleEnds(schedule))
                .add(status == JobStatus.COMPLETED);
    }

    private static boolean tryAgain(
            SqlSession session, AttemptEnd end, JobStatus status, Instant dueAt, ExecutionId next, int retries)
            throws SQLException {
        Job job = end.claim().job();
        int changed = session.update(
                "update jobs set status = ?, node_id = null, error_message = ?, due_at = ?, rank = ?, "
                        + "retry_count = retry_count + ?, attempt = attempt + 1, execution_id = ?, "
                        + "revision = revision + 1, gate = case when ? > 0 then 0 else " + OPEN_UNLESS_PAUSED
                        + " end" + HELD + " and cancel_reason is null",
                status.name(),
                end.end().error().map(error -> Row.clean(error.message())).orElse(null),
                dueAt.toEpochMilli(),
                job.priority().rank(dueAt),
                retries,
                next.toString(),
                dueAt.isAfter(end.endedAt()) ? 1 : 0,
                job.id().toString(),
                end.claim().token(),
                job.execution().toString());
        if (changed == 0) {
            return false;
        }
        insertExecution(
                session,
                job,
                next,
                job.attempt() + 1,
                ExecutionStatus.PENDING,
                end.endedAt(),
                Optional.empty(),
                null,
                null,
                0);
        return true;
    }

    /** What a transaction adds to the counters of a task. */
    private static final class Counts implements SqlSession.Last {
        private final String tenant;
        private final String task;
        private final Map<ExecutionStatus, Long> ends = new EnumMap<>(ExecutionStatus.class);
        private final Map<JobStatus, Long> jobs = new EnumMap<>(JobStatus.class);
        private long wallMillis;
        private long lastAt;

        Counts(String tenant, String task) {
            this.tenant = tenant;
            this.task = task;
        }

        void add(ExecutionStatus status, long millis, long at) {
            ends.merge(status, 1L, Long::sum);
            wallMillis += millis;
            lastAt = Math.max(lastAt, at);
        }

        /** Jobs that rest in a final state from now on, or with a negative number no more. */
        void addJobs(JobStatus status, long number) {
            jobs.merge(status, number, Long::sum);
        }

        @Override
        public void run(SqlSession session) throws SQLException {
            session.update(
                    """
                    insert into task_counters (tenant_id, task_id, completed, failed, cancelled, completed_jobs, \
                    failed_jobs, cancelled_jobs, wall_ms, last_execution_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    on conflict (tenant_id, task_id) do update set \
                    completed = task_counters.completed + excluded.completed, \
                    failed = task_counters.failed + excluded.failed, \
                    cancelled = task_counters.cancelled + excluded.cancelled, \
                    completed_jobs = task_counters.completed_jobs + excluded.completed_jobs, \
                    failed_jobs = task_counters.failed_jobs + excluded.failed_jobs, \
                    cancelled_jobs = task_counters.cancelled_jobs + excluded.cancelled_jobs, \
                    wall_ms = task_counters.wall_ms + excluded.wall_ms, \
                    last_execution_at = case when excluded.last_execution_at > task_counters.last_execution_at \
                    then excluded.last_execution_at else task_counters.last_execution_at end""",
                    tenant,
                    task,
                    ends.getOrDefault(ExecutionStatus.COMPLETED, 0L),
                    ends.getOrDefault(ExecutionStatus.FAILED, 0L),
                    ends.getOrDefault(ExecutionStatus.CANCELLED, 0L),
                    jobs.getOrDefault(JobStatus.COMPLETED, 0L),
                    jobs.getOrDefault(JobStatus.FAILED, 0L),
                    jobs.getOrDefault(JobStatus.CANCELLED, 0L),
                    wallMillis,
                    lastAt);
        }
    }

    private static Counts counts(SqlSession session, TenantId of, TaskId and) {
        String tenant = of.value();
        String task = and.toString();
        return session.last("2 counts " + tenant + " " + task, Counts.class, () -> new Counts(tenant, task));
    }

    private static void count(SqlSession session, Job job, OutcomeKind kind, long wallMillis, Instant at) {
        counts(session, job.tenant(), job.task()).add(kind.status(), wallMillis, at.toEpochMilli());
    }

    // ---- what running tasks say

    /** Keeps what is said under a claim only as long as it holds. */
    private static final String WHILE_CLAIMED =
            " and exists (select 1 from jobs where jobs.execution_id = executions.id and jobs.id = ? "
                    + "and jobs.lease_token = ? and jobs.status = 'PROCESSING')";

    @Override
    public void progress(Claim claim, double fraction, String message) {
        sql.commit(session -> session.update(
                "update executions set progress = ?, progress_message = ? where id = ?" + WHILE_CLAIMED,
                fraction,
                Row.clean(message),
                claim.job().execution().toString(),
                claim.job().id().toString(),
                claim.token()));
    }

    @Override
    public void appendLog(Claim claim, long firstNumber, List<LogLine> lines) {
        sql.commit(session -> {
            boolean holds = session.queryFirst(
                            "select 1 from executions where id = ?" + WHILE_CLAIMED,
                            _ -> true,
                            claim.job().execution().toString(),
                            claim.job().id().toString(),
                            claim.token())
                    .isPresent();
            if (holds) {
                insertLog(session, claim.job(), firstNumber, lines);
            }
            return holds;
        });
    }

    private static void insertLog(SqlSession session, Job job, long first, List<LogLine> lines) throws SQLException {
        if (lines.isEmpty()) {
            return;
        }
        List<@Nullable Object[]> rows = new ArrayList<>(lines.size());
        long chars = 0;
        for (int i = 0; i < lines.size(); i++) {
            LogLine line = lines.get(i);
            chars += line.message().length();
            rows.add(new @Nullable Object[] {
                job.execution().toString(),
                job.tenant().value(),
                first + i,
                Row.number(line.level()),
                line.epochMillis(),
                Row.clean(line.message())
            });
        }
        session.batch("""
                insert into execution_logs (execution_id, tenant_id, number, level, at, message)
                values (?, ?, ?, ?, ?, ?) on conflict do nothing""", rows);
        session.update(
                "update executions set log_bytes = log_bytes + ? where id = ?",
                chars,
                job.execution().toString());
    }

    @Override
    public void requestIntended(ExecutionId execution, int fetchId, String method, String url, Instant now) {
        sql.commit(session ->
                session.update("""
                insert into outgoing_requests (execution_id, tenant_id, fetch_id, method, url, intended_at)
                select id, tenant_id, ?, ?, ?, ? from executions where id = ?
                on conflict (execution_id, fetch_id) do update set method = excluded.method, url = excluded.url, \
                intended_at = excluded.intended_at, answered_at = null, result = null""", fetchId, method, Row.clean(url), now.toEpochMilli(), execution.toString()));
    }

    @Override
    public void requestAnswered(ExecutionId execution, int fetchId, String result, Instant now) {
        sql.commit(session -> session.update(
                "update outgoing_requests set answered_at = ?, result = ? where execution_id = ? and fetch_id = ?",
                now.toEpochMilli(),
                result,
                execution.toString(),
                fetchId));
    }

    // ---- dead nodes

    @Override
    public List<Claim> takeOver(NodeId node, Instant now, int most) {
        boolean any = sql.read(session -> session.queryFirst(
                        "select 1 from jobs where node_id is not null and node_id not in "
                                + "(select id from nodes where lease_until >= ?) limit 1",
                        _ -> true,
                        now.toEpochMilli()))
                .isPresent();
        return any ? sql.commit(session -> takeOver(session, node, now, most)) : List.of();
    }

    private List<Claim> takeOver(SqlSession session, NodeId node, Instant now, int most) throws SQLException {
        List<Claimed> taken = session.query(
                picked("where node_id is not null and node_id not in "
                                + "(select id from nodes where lease_until >= ?) limit ?")
                        + "update jobs set node_id = ?, lease_token = lease_token + 1, revision = revision + 1 "
                        + "where id in (select id from picked) " + CLAIMED,
                SqlJobStore::claimed,
                now.toEpochMilli(),
                most,
                node.toString());
        return fenced(session, taken);
    }

    /** Lets the executions of jobs that were taken over know of the new tokens. */
    private static List<Claim> fenced(SqlSession session, List<Claimed> taken) throws SQLException {
        List<Claim> claims = new ArrayList<>();
        List<@Nullable Object[]> tokens = new ArrayList<>();
        for (Claimed claimed : taken) {
            claims.add(withInput(session, claimed));
            tokens.add(new @Nullable Object[] {
                claimed.claim().token(), claimed.claim().job().execution().toString()
            });
        }
        session.batch("update executions set lease_token = ? where id = ?", tokens);
        return claims;
    }

    @Override
    public Map<JobId, Long> held(NodeId node) {
        return sql.read(session -> {
            Map<JobId, Long> held = new HashMap<>();
            session.query(
                            "select id, lease_token from jobs where node_id = ?",
                            row -> Map.entry(Row.id(row, "id", JobId::new), row.getLong("lease_token")),
                            node.toString())
                    .forEach(entry -> held.put(entry.getKey(), entry.getValue()));
            return held;
        });
    }

    @Override
    public Optional<Reclaimed> reclaim(NodeId node, JobId job, long token) {
        return sql.commit(session -> {
            List<Claimed> taken = session.query(
                    "update jobs set lease_token = lease_token + 1, revision = revision + 1 where id = ? and node_id = ? "
                            + "and lease_token = ? and status = 'PROCESSING' " + CLAIMED,
                    SqlJobStore::claimed,
                    job.toString(),
                    node.toString(),
                    token);
            if (taken.isEmpty()) {
                return Optional.empty();
            }
            Claim claim = fenced(session, taken).getFirst();
            boolean elsewhere = session.queryFirst(
                            "select 1 from executions where id = ? and node_id <> ?",
                            _ -> true,
                            claim.job().execution().toString(),
                            node.toString())
                    .isPresent();
            return Optional.of(new Reclaimed(claim, elsewhere));
        });
    }

    // ---- cancelling, trying again

    /** A job that is to be changed by hand. */
    private record Held(Job job, @Nullable Integer gate) {}

    private Optional<Held> hold(SqlSession session, TenantId tenant, JobId id) throws SQLException {
        return session.queryFirst(
                "select gate, " + JobRows.COLUMNS + " from jobs where id = ? and tenant_id || '' = ?" + dialect.lock(),
                row -> {
                    int gate = row.getInt("gate");
                    return new Held(JobRows.job(row), row.wasNull() ? null : gate);
                },
                id.toString(),
                tenant.value());
    }

    @Override
    public Cancellation cancel(TenantId tenant, JobId id, String reason, Instant now, DeliveryPlanner planner) {
        return sql.commit(session -> {
            Optional<Held> held = hold(session, tenant, id);
            if (held.isEmpty()) {
                return new Cancellation.Unknown();
            }
            Job job = held.get().job();
            if (job.status().isTerminal()) {
                return new Cancellation.Ended(job.status());
            }
            if (job.status() == JobStatus.PROCESSING) {
                session.update(
                        "update jobs set cancel_reason = ?, revision = revision + 1 where id = ? "
                                + "and cancel_reason is null",
                        Row.clean(reason),
                        id.toString());
                return new Cancellation.Requested(job.execution());
            }
            session.update("""
                    update jobs set status = 'CANCELLED', gate = null, completed_at = ?, cancel_reason = ?, \
                    error_message = ?, revision = revision + 1 where id = ?""", now.toEpochMilli(), Row.clean(reason), Row.clean(reason), id.toString());
            session.update(
                    """
                    update executions set status = 'CANCELLED', outcome = 'CANCELLED', completed_at = ?, \
                    error_type = 'Cancelled', error_message = ?, wall_ms = 0, cpu_ms = 0 where id = ?""", now.toEpochMilli(), Row.clean(reason), job.execution().toString());
            count(session, job, OutcomeKind.CANCELLED, 0, now);
            counts(session, tenant, job.task()).addJobs(JobStatus.CANCELLED, 1);
            insertDeliveries(session, job, planner.plan(job.destinations(), false), now);
            return new Cancellation.Done(job.execution());
        });
    }

    @Override
    public List<JobId> cancelRequests(NodeId node) {
        return sql.read(session -> session.query(
                "select id from jobs where node_id = ? and cancel_reason is not null",
                row -> Row.id(row, "id", JobId::new),
                node.toString()));
    }

    @Override
    public Redrive redrive(TenantId tenant, JobId id, ExecutionId next, Instant now) {
        return sql.commit(session -> {
            Optional<Held> held = hold(session, tenant, id);
            if (held.isEmpty()) {
                return new Redrive.Unknown();
            }
            Job job = held.get().job();
            return switch (job.status()) {
                case PROCESSING, COMPLETED -> new Redrive.NotPossible(job.status());
                case QUEUED, RETRYING -> {
                    // One that waits already keeps its place, and what is set aside or paused waits for what holds it
                    // up.
                    Instant due = job.dueAt().isBefore(now) ? job.dueAt() : now;
                    session.update(
                            "update jobs set due_at = ?, rank = ?, revision = revision + 1, "
                                    + "gate = case when gate = 0 then " + OPEN_UNLESS_PAUSED
                                    + " else gate end where id = ?",
                            due.toEpochMilli(),
                            job.priority().rank(due),
                            id.toString());
                    yield new Redrive.Done(job.execution());
                }
                case FAILED, CANCELLED -> {
                    counts(session, tenant, job.task()).addJobs(job.status(), -1);
                    session.update(
                            "update jobs set status = 'RETRYING', due_at = ?, rank = ?, retry_count = 0, "
                                    + "attempt = attempt + 1, execution_id = ?, error_message = null, "
                                    + "completed_at = null, cancel_reason = null, redriven = ?, "
                                    + "revision = revision + 1, gate = " + OPEN_UNLESS_PAUSED + " where id = ?",
                            now.toEpochMilli(),
                            job.priority().rank(now),
                            next.toString(),
                            false,
                            id.toString());
                    insertExecution(
                            session,
                            job,
                            next,
                            job.attempt() + 1,
                            ExecutionStatus.PENDING,
                            now,
                            Optional.empty(),
                            null,
                            null,
                            0);
                    yield new Redrive.Done(next);
                }
            };
        });
    }

    // ---- pausing

    @Override
    public void pauseQueue(TenantId tenant, boolean paused) {
        sql.commit(session -> session.update("""
                insert into tenants (tenant_id, queue_paused) values (?, ?)
                on conflict (tenant_id) do update set queue_paused = excluded.queue_paused""", tenant.value(), paused));
    }

    @Override
    public boolean isQueuePaused(TenantId tenant) {
        return sql.read(session -> isQueuePaused(session, tenant.value()));
    }

    private static boolean isQueuePaused(SqlSession session, String tenant) throws SQLException {
        return session.queryFirst(
                        "select queue_paused from tenants where tenant_id = ?",
                        row -> row.getBoolean("queue_paused"),
                        tenant)
                .orElse(false);
    }

    @Override
    public void pauseTask(TenantId tenant, TaskId task, boolean paused) {
        sql.write(session -> {
            session.update(
                    "update tasks set paused = ?, revision = revision + 1"
                            + " where id = ? and tenant_id || '' = ? and paused <> ?",
                    paused,
                    task.toString(),
                    tenant.value(),
                    paused);
            // The gate stands in the text, and the first asks for the task past its index, so that the small indexes of
            // waiting and of paused jobs serve: all jobs of a task may be very many.
            return session.update(
                    paused
                            ? "update jobs set gate = " + GATE_PAUSED
                                    + " where tenant_id = ? and task_id || '' = ? and gate = " + GATE_OPEN
                            : "update jobs set gate = " + GATE_OPEN + " where tenant_id = ? and task_id = ? and gate = "
                                    + GATE_PAUSED,
                    tenant.value(),
                    task.toString());
        });
    }

    // ---- looking

    @Override
    public Optional<Job> find(TenantId tenant, JobId id) {
        return sql.read(session -> session.queryFirst(
                "select " + JobRows.COLUMNS + " from jobs where id = ? and tenant_id || '' = ?",
                JobRows::job,
                id.toString(),
                tenant.value()));
    }

    @Override
    public Optional<JsonText> input(TenantId tenant, JobId id) {
        return sql.read(session -> {
            record Place(@Nullable String inline, @Nullable String payloadId) {}
            Optional<Place> place = session.queryFirst(
                    "select input, input_payload_id from jobs where id = ? and tenant_id || '' = ?",
                    row -> new Place(row.getString("input"), row.getString("input_payload_id")),
                    id.toString(),
                    tenant.value());
            return place.isEmpty()
                    ? Optional.empty()
                    : Payloads.load(session, place.get().inline(), place.get().payloadId());
        });
    }

    @Override
    public Listing<Job> list(TenantId tenant, ListQuery<JobField> query) {
        return lists.jobs(tenant, query);
    }

    @Override
    public boolean update(Job job) {
        return sql.commit(session -> session.update(
                        "update jobs set priority = ?, rank = ?, due_at = ?, scheduled_for = ?, max_retries = ?, "
                                + "retry_policy = ?, tags = ?, destinations = ?, revision = ?, "
                                + "gate = case when ? > 0 then 0 when gate = 0 then " + OPEN_UNLESS_PAUSED
                                + " else gate end where id = ? and tenant_id || '' = ? and revision = ? "
                                + "and status in ('QUEUED', 'RETRYING')",
                        JobRows.number(job.priority()),
                        job.priority().rank(job.dueAt()),
                        job.dueAt().toEpochMilli(),
                        Row.millis(job.scheduledFor()),
                        job.retry().maxRetries(),
                        JobRows.text(job.retry()),
                        LabelText.write(job.tags()),
                        job.destinations().map(JsonText::value).orElse(null),
                        job.revision(),
                        // Whether it is due is for the due loop to find out.
                        job.scheduledFor().isPresent() || job.status() == JobStatus.RETRYING ? 1 : 0,
                        job.id().toString(),
                        job.tenant().value(),
                        job.revision() - 1))
                == 1;
    }

    @Override
    public boolean delete(TenantId tenant, JobId id) {
        return sql.commit(session -> {
            Optional<Held> held = hold(session, tenant, id);
            if (held.isEmpty() || !held.get().job().status().isTerminal()) {
                return false;
            }
            String job = id.toString();
            Set<String> outside = new HashSet<>(session.query(
                    "select output_payload_id as id from executions where job_id = ? and output_payload_id is not null "
                            + "union all select recording_payload_id from executions where job_id = ? "
                            + "and recording_payload_id is not null union all select input_payload_id from jobs "
                            + "where id = ? and input_payload_id is not null",
                    row -> Row.text(row, "id"),
                    job,
                    job,
                    job));
            for (String payload : outside) {
                session.update("delete from payloads where id = ?", payload);
            }
            counts(session, tenant, held.get().job().task())
                    .addJobs(held.get().job().status(), -1);
            return session.update("delete from jobs where id = ?", job) == 1;
        });
    }

    @Override
    public boolean deleteAttempt(TenantId tenant, ExecutionId execution) {
        return sql.commit(session -> {
            String id = execution.toString();
            // Redriving a job changes the attempt that it stands with, and deliveries come with an end.
            Optional<String> job = session.queryFirst(
                    "select id from jobs where tenant_id || '' = ? and id = (select job_id from executions where id = ?)"
                            + dialect.lock(),
                    row -> Row.text(row, "id"),
                    tenant.value(),
                    id);
            boolean removable =
                    job.isPresent() && session.queryFirst("""
                                    select 1 from executions e join jobs j on j.id = e.job_id where e.id = ? \
                                    and j.execution_id <> e.id and e.completed_at is not null and not exists \
                                    (select 1 from deliveries d where d.tenant_id = e.tenant_id \
                                    and d.execution_id = e.id and d.completed_at is null)""", _ -> true, id).isPresent();
            if (!removable) {
                return false;
            }
            session.update("delete from deliveries where tenant_id = ? and execution_id = ?", tenant.value(), id);
            session.update("""
                    delete from payloads where id in (select output_payload_id from executions where id = ? \
                    union all select recording_payload_id from executions where id = ?)""", id, id);
            return session.update("delete from executions where id = ?", id) == 1;
        });
    }

    @Override
    public long waiting(int atMost) {
        return sql.read(session -> {
            long count = 0;
            for (int gate : List.of(GATE_OPEN, GATE_SET_ASIDE, GATE_PAUSED)) {
                if (count < atMost) {
                    count += session.queryFirst(
                                    "select count(*) as n from (select 1 from jobs where gate = " + gate
                                            + " limit ?) as waiting",
                                    row -> row.getLong("n"),
                                    atMost - count)
                            .orElse(0L);
                }
            }
            return count;
        });
    }

    @Override
    public JobStats stats(TenantId tenant) {
        return sql.read(session -> {
            Map<JobStatus, Long> byStatus = new EnumMap<>(JobStatus.class);
            for (JobStatus status : JobStatus.values()) {
                byStatus.put(status, 0L);
            }
            // At most as many as the queue has room for; the first condition leads to the index that has no others.
            session.query(
                            "select status, count(*) as n from jobs where tenant_id = ? and status <> 'COMPLETED' "
                                    + "and status in ('QUEUED', 'PROCESSING', 'RETRYING') group by status",
                            row -> Map.entry(Row.constant(row, "status", JobStatus.class), row.getLong("n")),
                            tenant.value())
                    .forEach(entry -> byStatus.put(entry.getKey(), entry.getValue()));
            // Those that have ended are counted as they end: a row for each task.
            double average = session.queryFirst(
                            """
                            select sum(completed_jobs) as completed, sum(failed_jobs) as failed, \
                            sum(cancelled_jobs) as cancelled, sum(wall_ms) as ms, \
                            sum(task_counters.completed + task_counters.failed + task_counters.cancelled) as n \
                            from task_counters where tenant_id = ?""",
                            row -> {
                                byStatus.put(JobStatus.COMPLETED, row.getLong("completed"));
                                byStatus.put(JobStatus.FAILED, row.getLong("failed"));
                                byStatus.put(JobStatus.CANCELLED, row.getLong("cancelled"));
                                return row.getLong("n") == 0 ? 0.0 : (double) row.getLong("ms") / row.getLong("n");
                            },
                            tenant.value())
                    .orElse(0.0);
            Optional<Instant> oldest = session.queryFirst(
                    "select due_at from jobs where tenant_id = ? and gate = 1 order by rank, id limit 1",
                    row -> Row.time(row, "due_at"),
                    tenant.value());
            return new JobStats(byStatus, average, oldest);
        });
    }
}

package dev.ratchet.storage;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.delivery.Delivery;
import dev.ratchet.core.delivery.DeliveryField;
import dev.ratchet.core.delivery.DeliveryStore;
import dev.ratchet.core.id.DeliveryId;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.NodeId;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Deliveries in SQL: an outbox under the same kind of lease as the queue. */
final class SqlDeliveryStore implements DeliveryStore {
    static final String COLUMNS = """
            id, tenant_id, job_id, execution_id, task_id, destination_type, destination, status, attempts, \
            earlier_attempts, begun_at, due_at, last_error, created_at, completed_at""";

    private final Sql sql;
    private final Dialect dialect;
    private final Lists lists;

    SqlDeliveryStore(Sql sql, Dialect dialect, Lists lists) {
        this.sql = sql;
        this.dialect = dialect;
        this.lists = lists;
    }

    static Delivery delivery(ResultSet row) throws SQLException {
        Instant createdAt = Row.time(row, "created_at");
        return new Delivery(
                Row.id(row, "id", DeliveryId::new),
                new TenantId(Row.text(row, "tenant_id")),
                Row.id(row, "job_id", JobId::new),
                Row.id(row, "execution_id", ExecutionId::new),
                Row.id(row, "task_id", TaskId::new),
                Row.text(row, "destination_type"),
                new JsonText(Row.text(row, "destination")),
                Row.constant(row, "status", Delivery.Status.class),
                row.getInt("attempts"),
                row.getInt("earlier_attempts"),
                Row.time(row, "begun_at"),
                Row.optionalTime(row, "due_at").orElse(createdAt),
                Row.optionalText(row, "last_error"),
                createdAt,
                Row.optionalTime(row, "completed_at"));
    }

    @Override
    public List<DeliveryClaim> claim(NodeId node, int most, Instant now) {
        boolean due = sql.read(session -> session.queryFirst(
                        "select 1 from deliveries where due_at is not null and due_at <= ? limit 1",
                        _ -> true,
                        now.toEpochMilli()))
                .isPresent();
        if (!due) {
            return List.of();
        }
        return sql.commit(session -> session.query(
                // Materialized, or PostgreSQL may run the inner query again for each row and take more than the limit.
                "with picked as materialized (select id from deliveries where due_at is not null and due_at <= ? "
                        + "order by due_at limit ?" + dialect.lockFree()
                        + ") update deliveries set status = 'DELIVERING', due_at = null, attempts = attempts + 1, "
                        + "node_id = ?, lease_token = lease_token + 1 where id in (select id from picked) "
                        + "returning lease_token, " + COLUMNS,
                row -> new DeliveryClaim(delivery(row), row.getLong("lease_token")),
                now.toEpochMilli(),
                most,
                node.toString()));
    }

    @Override
    public Optional<Instant> nextDue() {
        return sql.read(session -> session.queryFirst(
                "select due_at from deliveries where due_at is not null order by due_at limit 1",
                row -> Row.time(row, "due_at")));
    }

    @Override
    public boolean complete(
            DeliveryClaim claim, AttemptResult result, Delivery.Status status, Optional<Instant> dueAt, Instant now) {
        boolean last = dueAt.isEmpty();
        return sql.commit(session -> {
            String id = claim.delivery().id().toString();
            int held = session.update(
                    """
                    update deliveries set status = ?, due_at = ?, node_id = null, last_error = ?, completed_at = ?
                    where id = ? and lease_token = ? and status = 'DELIVERING'""",
                    status.name(),
                    Row.millis(dueAt),
                    Row.clean(result.error().orElse(null)),
                    last ? now.toEpochMilli() : null,
                    id,
                    claim.token());
            session.update(
                    """
                    insert into delivery_results (delivery_id, tenant_id, number, job_id, execution_id, destination_type, \
                    success, delivery_time_ms, size_bytes, response_info, error_message, created_at)
                    select id, tenant_id, ?, job_id, execution_id, destination_type, ?, ?, ?, ?, ?, ?
                    from deliveries where id = ? on conflict do nothing""",
                    result.number(),
                    result.success(),
                    result.took().toMillis(),
                    result.sizeBytes(),
                    Row.clean(result.response().map(JsonText::value).orElse(null)),
                    Row.clean(result.error().orElse(null)),
                    result.at().toEpochMilli(),
                    id);
            return held == 1;
        });
    }

    @Override
    public boolean postpone(DeliveryClaim claim, String reason, Instant dueAt) {
        return sql.commit(session -> session.update(
                        """
                        update deliveries set status = case when attempts > 1 then 'RETRYING' else 'PENDING' end, \
                        attempts = attempts - 1, due_at = ?, node_id = null, last_error = ?
                        where id = ? and lease_token = ? and status = 'DELIVERING'""",
                        dueAt.toEpochMilli(),
                        Row.clean(reason),
                        claim.delivery().id().toString(),
                        claim.token()))
                == 1;
    }

    @Override
    public int release(Instant now) {
        boolean any = sql.read(session -> session.queryFirst(
                        "select 1 from deliveries where node_id is not null and node_id not in "
                                + "(select id from nodes where lease_until >= ?) limit 1",
                        _ -> true,
                        now.toEpochMilli()))
                .isPresent();
        return any ? sql.commit(session -> session.update("""
                        update deliveries set status = 'RETRYING', due_at = ?, node_id = null, \
                        lease_token = lease_token + 1, last_error = 'the server that was delivering it stopped'
                        where node_id is not null and node_id not in (select id from nodes where lease_until >= ?)""", now.toEpochMilli(), now.toEpochMilli())) : 0;
    }

    @Override
    public boolean redeliver(TenantId tenant, DeliveryId id, Instant now) {
        return sql.commit(session ->
                        session.update("""
                        update deliveries set status = 'PENDING', due_at = ?, begun_at = ?, earlier_attempts = attempts, \
                        completed_at = null, last_error = null
                        where id = ? and tenant_id || '' = ? and status in ('DELIVERED', 'FAILED')""", now.toEpochMilli(), now.toEpochMilli(), id.toString(), tenant.value()))
                == 1;
    }

    @Override
    public Optional<Delivery> find(TenantId tenant, DeliveryId id) {
        return sql.read(session -> session.queryFirst(
                "select " + COLUMNS + " from deliveries where id = ? and tenant_id || '' = ?",
                SqlDeliveryStore::delivery,
                id.toString(),
                tenant.value()));
    }

    @Override
    public Listing<Delivery> list(TenantId tenant, ListQuery<DeliveryField> query) {
        return lists.deliveries(tenant, query);
    }

    @Override
    public List<AttemptResult> attempts(TenantId tenant, DeliveryId id) {
        return sql.read(session -> session.query(
                """
                select number, success, created_at, delivery_time_ms, size_bytes, response_info, error_message
                from delivery_results where delivery_id = ? and tenant_id || '' = ? order by number""",
                row -> new AttemptResult(
                        row.getInt("number"),
                        row.getBoolean("success"),
                        Row.time(row, "created_at"),
                        Duration.ofMillis(row.getLong("delivery_time_ms")),
                        row.getLong("size_bytes"),
                        Row.optionalJson(row, "response_info"),
                        Row.optionalText(row, "error_message")),
                id.toString(),
                tenant.value()));
    }

    @Override
    public List<Delivery> ofExecution(TenantId tenant, ExecutionId execution) {
        return sql.read(session -> session.query(
                "select " + COLUMNS + " from deliveries where tenant_id = ? and execution_id = ? order by id",
                SqlDeliveryStore::delivery,
                tenant.value(),
                execution.toString()));
    }
}

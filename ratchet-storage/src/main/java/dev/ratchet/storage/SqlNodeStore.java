package dev.ratchet.storage;

import dev.ratchet.core.id.NodeId;
import dev.ratchet.core.job.NodeStore;
import java.time.Instant;
import java.util.List;

/** The list of server processes. */
final class SqlNodeStore implements NodeStore {
    private final Sql sql;

    SqlNodeStore(Sql sql) {
        this.sql = sql;
    }

    @Override
    public void register(Node node) {
        sql.commit(session -> session.update(
                """
                insert into nodes (id, name, started_at, lease_until) values (?, ?, ?, ?)
                on conflict (id) do update set lease_until = excluded.lease_until""",
                node.id().toString(),
                node.name(),
                node.startedAt().toEpochMilli(),
                node.leaseUntil().toEpochMilli()));
    }

    @Override
    public boolean renew(NodeId node, Instant leaseUntil) {
        return sql.commit(session -> session.update(
                        "update nodes set lease_until = ? where id = ?", leaseUntil.toEpochMilli(), node.toString()))
                == 1;
    }

    @Override
    public void leave(NodeId node) {
        sql.commit(session -> session.update("delete from nodes where id = ?", node.toString()));
    }

    @Override
    public void endOtherLeases(NodeId survivor) {
        sql.commit(session -> session.update("update nodes set lease_until = 0 where id <> ?", survivor.toString()));
    }

    @Override
    public void forgetDead(Instant now) {
        sql.commit(session -> session.update("""
                delete from nodes where lease_until < ?
                and not exists (select 1 from jobs where jobs.node_id = nodes.id)
                and not exists (select 1 from deliveries where deliveries.node_id = nodes.id)""", now.toEpochMilli()));
    }

    @Override
    public List<Node> nodes() {
        return sql.read(session -> session.query(
                "select id, name, started_at, lease_until from nodes order by id",
                row -> new Node(
                        Row.id(row, "id", NodeId::new),
                        Row.text(row, "name"),
                        Row.time(row, "started_at"),
                        Row.time(row, "lease_until"))));
    }
}

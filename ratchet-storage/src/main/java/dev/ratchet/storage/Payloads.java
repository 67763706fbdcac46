package dev.ratchet.storage;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.common.UuidV7;
import dev.ratchet.core.execution.StoredJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps documents in their row while they are small, and in a table of their own when they are not. */
final class Payloads {
    private final UuidV7 ids;

    Payloads(UuidV7 ids) {
        this.ids = ids;
    }

    /**
     * Where a document went; one of the two is null, both without a document.
     *
     * @param inline the text itself
     * @param payloadId where else it is
     * @param bytes its size in UTF-8
     */
    record Placed(@Nullable String inline, @Nullable String payloadId, long bytes) {
        static final Placed NOWHERE = new Placed(null, null, 0);
    }

    Placed place(SqlSession session, TenantId tenant, Optional<JsonText> document) throws SQLException {
        if (document.isEmpty()) {
            return Placed.NOWHERE;
        }
        String text = document.get().value();
        // Most documents are short: their bytes need not be counted to know that they are.
        int bytes = document.get().sizeInBytes();
        if (bytes <= StoredJson.MAX_INLINE_BYTES) {
            return new Placed(text, null, bytes);
        }
        String id = ids.next().toString();
        session.update(
                "insert into payloads (id, tenant_id, bytes, content) values (?, ?, ?, ?)",
                id,
                tenant.value(),
                (long) bytes,
                text);
        return new Placed(null, id, bytes);
    }

    /** A document as it is in its row; empty where there is none. */
    static Optional<StoredJson> inRow(ResultSet row, String name) throws SQLException {
        String inline = row.getString(name);
        long bytes = row.getLong(name + "_bytes");
        if (inline != null) {
            return Optional.of(new StoredJson.Inline(new JsonText(inline), bytes));
        }
        return row.getString(name + "_payload_id") == null
                ? Optional.empty()
                : Optional.of(new StoredJson.Elsewhere(bytes));
    }

    /** The document wherever it is. */
    static Optional<JsonText> load(SqlSession session, @Nullable String inline, @Nullable String payloadId)
            throws SQLException {
        if (inline != null) {
            return Optional.of(new JsonText(inline));
        }
        return payloadId == null
                ? Optional.empty()
                : session.queryFirst(
                        "select content from payloads where id = ?",
                        row -> new JsonText(Row.text(row, "content")),
                        payloadId);
    }
}

package dev.ratchet.storage;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import org.sqlite.SQLiteException;

/**
 * Which errors cost a connection its place in the pool. After a busy error at its beginning, SQLite's driver takes a
 * transaction for begun that is not, and from then on every statement would be committed by itself.
 */
final class EvictAfterBusy implements SQLExceptionOverride {
    @java.lang.Override
    public SQLExceptionOverride.Override adjudicate(SQLException error) {
        return switch (DatabaseErrors.kindOf(error)) {
            case CONTENDED ->
                error instanceof SQLiteException
                        ? SQLExceptionOverride.Override.MUST_EVICT
                        : SQLExceptionOverride.Override.CONTINUE_EVICT;
            case UNAVAILABLE, DAMAGED -> SQLExceptionOverride.Override.MUST_EVICT;
            case CONFLICT, DEFECT -> SQLExceptionOverride.Override.CONTINUE_EVICT;
        };
    }
}

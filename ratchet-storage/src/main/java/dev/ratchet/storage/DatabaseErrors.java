package dev.ratchet.storage;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What an error of the database means for whoever wanted something of it. */
final class DatabaseErrors {
    /** What an error calls for. */
    enum Kind {
        /** Somebody else was in the way; the same again may well work. */
        CONTENDED,
        /** The database cannot be reached or cannot take anything now. */
        UNAVAILABLE,
        /** The statement contradicts what is stored. */
        CONFLICT,
        /** The file is damaged. */
        DAMAGED,
        /** The program asked for something it should not have asked for. */
        DEFECT
    }

    private DatabaseErrors() {}

    /** The kind of an error, by the first error of a database among its causes. */
    static Kind kindOf(Throwable error) {
        SQLException sql = find(error);
        if (sql == null) {
            return Kind.DEFECT;
        }
        if (sql instanceof SQLiteException sqlite) {
            return kindOfSqlite(sqlite.getResultCode());
        }
        if (sql instanceof SQLTransientConnectionException) {
            return Kind.UNAVAILABLE;
        }
        String state = sql.getSQLState();
        return state == null ? Kind.DEFECT : kindOfState(state);
    }

    /** The error as core knows it; an exception of core itself is returned as it is. */
    static RatchetException translate(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof RatchetException known) {
                return known;
            }
        }
        return switch (kindOf(error)) {
            case CONTENDED ->
                new RatchetException(ErrorCode.SERVICE_UNAVAILABLE, "the database is busy; try again", error);
            case UNAVAILABLE ->
                new RatchetException(
                        ErrorCode.SERVICE_UNAVAILABLE,
                        isFull(error)
                                ? "the disk of the database is full"
                                : "the database is not available: " + firstLine(error),
                        error);
            case CONFLICT ->
                new RatchetException(ErrorCode.CONFLICT, "this contradicts what is stored: " + firstLine(error), error);
            case DAMAGED ->
                new RatchetException(
                        ErrorCode.IO_ERROR,
                        "the database file is damaged; 'ratchet db check' says more, 'ratchet db restore' brings back a backup",
                        error);
            case DEFECT ->
                new RatchetException(
                        ErrorCode.INTERNAL_ERROR, "the database refused a statement: " + firstLine(error), error);
        };
    }

    /** Whether there was no room on the disk; a transaction that ends so has stored nothing. */
    static boolean isFull(Throwable error) {
        SQLException sql = find(error);
        return sql instanceof SQLiteException sqlite
                ? (sqlite.getResultCode().code & 0xff) == SQLiteErrorCode.SQLITE_FULL.code
                : sql != null && "53100".equals(sql.getSQLState());
    }

    private static @Nullable SQLException find(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                // Hikari wraps what kept it from connecting.
                return sql.getCause() instanceof SQLException inner && sql.getSQLState() == null ? inner : sql;
            }
        }
        return null;
    }

    // Constants of sqlite-jdbc that nobody should meet here are defects like every other surprise.
    private static Kind kindOfSqlite(SQLiteErrorCode code) {
        int primary = code.code & 0xff;
        if (primary == SQLiteErrorCode.SQLITE_BUSY.code || primary == SQLiteErrorCode.SQLITE_LOCKED.code) {
            return Kind.CONTENDED;
        }
        if (primary == SQLiteErrorCode.SQLITE_FULL.code
                || primary == SQLiteErrorCode.SQLITE_IOERR.code
                || primary == SQLiteErrorCode.SQLITE_CANTOPEN.code
                || primary == SQLiteErrorCode.SQLITE_READONLY.code
                || primary == SQLiteErrorCode.SQLITE_NOMEM.code) {
            return Kind.UNAVAILABLE;
        }
        if (primary == SQLiteErrorCode.SQLITE_CORRUPT.code || primary == SQLiteErrorCode.SQLITE_NOTADB.code) {
            return Kind.DAMAGED;
        }
        if (code == SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE
                || code == SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY
                || code == SQLiteErrorCode.SQLITE_CONSTRAINT_FOREIGNKEY) {
            return Kind.CONFLICT;
        }
        return Kind.DEFECT;
    }

    /** By the table of states in PostgreSQL's manual, appendix "Error Codes". */
    private static Kind kindOfState(String state) {
        if (state.equals("40001") || state.equals("40P01") || state.equals("55P03")) {
            return Kind.CONTENDED;
        }
        if (state.equals("23505") || state.equals("23503") || state.equals("23P01")) {
            return Kind.CONFLICT;
        }
        // Connections, resources, shutdown or cancellation by the server, its disk, a standby that is read-only.
        if (state.startsWith("08")
                || state.startsWith("53")
                || state.startsWith("57")
                || state.startsWith("58")
                || state.equals("25006")) {
            return Kind.UNAVAILABLE;
        }
        return state.startsWith("XX") ? Kind.DAMAGED : Kind.DEFECT;
    }

    private static String firstLine(Throwable error) {
        SQLException sql = find(error);
        String message = sql == null ? error.toString() : String.valueOf(sql.getMessage());
        int end = message.indexOf('\n');
        return end < 0 ? message : message.substring(0, end);
    }
}

package dev.ratchet.storage;

import com.zaxxer.hikari.HikariDataSource;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.orm.jpa.EntityManagerFactoryUtils;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The way stores run statements. Errors of the database leave it as {@link dev.ratchet.core.common.RatchetException}.
 */
final class Sql {
    private final DataSource transactional;
    private final EntityManagerFactory entities;
    private final GroupCommit groups;
    private final HikariDataSource readers;
    private final Map<Connection, SqlSession> sessions = new ConcurrentHashMap<>();

    /**
     * @param transactional whose connection a transaction of Spring holds
     * @param entities whose pending changes must be seen by statements in the same transaction
     */
    Sql(DataSource transactional, EntityManagerFactory entities, GroupCommit groups, HikariDataSource readers) {
        this.transactional = transactional;
        this.entities = entities;
        this.groups = groups;
        this.readers = readers;
    }

    /** Commits the work together with that of others; durable when this returns. Not within a transaction. */
    <T extends @Nullable Object> T commit(WriteWork<T> work) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            // With SQLite it would wait for the connection that its own caller holds.
            throw new IllegalStateException("a commit of its own within a transaction");
        }
        return groups.run(work);
    }

    /** Joins the caller's transaction, or commits the work together with that of others. */
    <T extends @Nullable Object> T write(WriteWork<T> work) {
        return TransactionSynchronizationManager.isActualTransactionActive() ? within(work) : groups.run(work);
    }

    /** Runs the work in the caller's transaction, which must be one that writes. */
    <T extends @Nullable Object> T within(WriteWork<T> work) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()
                || TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
            throw new IllegalStateException("a write outside a transaction that may write");
        }
        return joined(work);
    }

    /** Reads in the caller's transaction; without one, every statement sees the state of its own moment. */
    <T extends @Nullable Object> T read(WriteWork<T> work) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            return joined(work);
        }
        try {
            Connection connection = readers.getConnection();
            boolean usable = false;
            try {
                T result = work.run(sessionOn(connection.unwrap(Connection.class)));
                usable = true;
                return result;
            } finally {
                // The pool does not see the statements that are kept, nor their errors.
                if (usable) {
                    connection.close();
                } else {
                    readers.evictConnection(connection);
                }
            }
        } catch (SQLException e) {
            throw DatabaseErrors.translate(e);
        }
    }

    /** Whoever has the connection from the pool has its session too; so no two threads use one. */
    private SqlSession sessionOn(Connection physical) throws SQLException {
        SqlSession known = sessions.get(physical);
        if (known != null) {
            return known;
        }
        for (Iterator<Connection> olds = sessions.keySet().iterator(); olds.hasNext(); ) {
            if (olds.next().isClosed()) {
                olds.remove();
            }
        }
        SqlSession made = new SqlSession(physical);
        sessions.put(physical, made);
        return made;
    }

    private <T extends @Nullable Object> T joined(WriteWork<T> work) {
        EntityManager manager = EntityManagerFactoryUtils.getTransactionalEntityManager(entities);
        if (manager != null && manager.isJoinedToTransaction()) {
            manager.flush();
        }
        Connection connection = DataSourceUtils.getConnection(transactional);
        try (SqlSession session = new SqlSession(connection)) {
            T result = work.run(session);
            session.runLasts();
            return result;
        } catch (SQLException e) {
            throw DatabaseErrors.translate(e);
        } finally {
            DataSourceUtils.releaseConnection(connection, transactional);
        }
    }
}

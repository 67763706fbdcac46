package dev.ratchet.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Statements on one connection, within a transaction somebody else begins and ends. Prepared statements are kept for the
 * next use of the same text, so the text must be a constant of the program. Not thread-safe.
 */
final class SqlSession implements AutoCloseable {
    private static final int KEPT_STATEMENTS = 256;

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new LinkedHashMap<>(64, 0.75f, true);
    private final SortedMap<String, Last> lasts = new TreeMap<>();

    SqlSession(Connection connection) {
        this.connection = connection;
    }

    /** Reads one row of a result; never moves the cursor. */
    @FunctionalInterface
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Something to be done just before the commit. */
    @FunctionalInterface
    interface Last {
        void run(SqlSession session) throws SQLException;
    }

    /**
     * What is to be done last for {@code key}, made when it is first asked for, so that everybody in the transaction adds
     * to one. For rows that many transactions change: each is then changed once, all in the same order, so that none
     * waits for another in a circle, and locked only while the commit is made.
     */
    <L extends Last> L last(String key, Class<L> type, Supplier<L> made) {
        return type.cast(lasts.computeIfAbsent(key, _ -> made.get()));
    }

    /** Does what was to be done last. Called by whoever is about to commit. */
    void runLasts() throws SQLException {
        while (!lasts.isEmpty()) {
            Last last = lasts.remove(lasts.firstKey());
            if (last != null) {
                last.run(this);
            }
        }
    }

    /** Forgets it. Called by whoever has rolled back. */
    void dropLasts() {
        lasts.clear();
    }

    /**
     * Runs a statement that returns nothing.
     *
     * @return how many rows it changed
     */
    int update(String sql, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = prepare(sql);
        bind(statement, parameters);
        return statement.executeUpdate();
    }

    /** Runs one statement for each element of {@code rows}, in as few round trips as the database allows. */
    int[] batch(String sql, List<@Nullable Object[]> rows) throws SQLException {
        if (rows.isEmpty()) {
            return new int[0];
        }
        PreparedStatement statement = prepare(sql);
        try {
            for (@Nullable Object[] row : rows) {
                bind(statement, row);
                statement.addBatch();
            }
            return statement.executeBatch();
        } finally {
            statement.clearBatch();
        }
    }

    /** Runs a statement and reads every row it returns. */
    <T> List<T> query(String sql, RowReader<T> reader, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = prepare(sql);
        bind(statement, parameters);
        try (ResultSet rows = statement.executeQuery()) {
            List<T> all = new ArrayList<>();
            while (rows.next()) {
                all.add(reader.read(rows));
            }
            return all;
        }
    }

    /** Runs a statement and reads the first row it returns. */
    <T> Optional<T> queryFirst(String sql, RowReader<T> reader, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = prepare(sql);
        bind(statement, parameters);
        try (ResultSet rows = statement.executeQuery()) {
            return rows.next() ? Optional.of(reader.read(rows)) : Optional.empty();
        }
    }

    private PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement known = statements.get(sql);
        if (known != null) {
            return known;
        }
        if (statements.size() >= KEPT_STATEMENTS) {
            String eldest = statements.keySet().iterator().next();
            PreparedStatement dropped = statements.remove(eldest);
            if (dropped != null) {
                dropped.close();
            }
        }
        PreparedStatement made = connection.prepareStatement(sql);
        statements.put(sql, made);
        return made;
    }

    private static void bind(PreparedStatement statement, @Nullable Object[] parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
    }

    /** Closes the statements and leaves the connection to its owner. */
    @Override
    public void close() throws SQLException {
        SQLException failure = null;
        for (PreparedStatement statement : statements.values()) {
            try {
                statement.close();
            } catch (SQLException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        statements.clear();
        if (failure != null) {
            throw failure;
        }
    }
}

package dev.ratchet.storage;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.execution.LogLine;
import dev.ratchet.storage.listing.LabelText;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the column types of this schema: times in milliseconds, identifiers and documents as text. */
final class Row {
    private Row() {}

    static String text(ResultSet row, String column) throws SQLException {
        String value = row.getString(column);
        if (value == null) {
            throw new IllegalStateException("column " + column + " is null");
        }
        return value;
    }

    static Optional<String> optionalText(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }

    static <T> T id(ResultSet row, String column, Function<UUID, T> type) throws SQLException {
        return type.apply(UUID.fromString(text(row, column)));
    }

    static <T> Optional<T> optionalId(ResultSet row, String column, Function<UUID, T> type) throws SQLException {
        return optionalText(row, column).map(UUID::fromString).map(type);
    }

    static Optional<Long> optionalNumber(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(value);
    }

    static Instant time(ResultSet row, String column) throws SQLException {
        return Instant.ofEpochMilli(row.getLong(column));
    }

    static Optional<Instant> optionalTime(ResultSet row, String column) throws SQLException {
        return optionalNumber(row, column).map(Instant::ofEpochMilli);
    }

    static Optional<Duration> optionalDuration(ResultSet row, String column) throws SQLException {
        return optionalNumber(row, column).map(Duration::ofMillis);
    }

    static Optional<JsonText> optionalJson(ResultSet row, String column) throws SQLException {
        return optionalText(row, column).map(JsonText::new);
    }

    static <E extends Enum<E>> E constant(ResultSet row, String column, Class<E> type) throws SQLException {
        return Enum.valueOf(type, text(row, column));
    }

    static List<String> tags(ResultSet row, String column) throws SQLException {
        return LabelText.read(text(row, column));
    }

    static LogLine.Level level(int number) {
        return switch (number) {
            case 0 -> LogLine.Level.TRACE;
            case 1 -> LogLine.Level.DEBUG;
            case 2 -> LogLine.Level.INFO;
            case 3 -> LogLine.Level.WARN;
            case 4 -> LogLine.Level.ERROR;
            default -> throw new IllegalStateException("no severity has number " + number);
        };
    }

    // ---- the other way

    /** The number a severity is stored and compared by. */
    static int number(LogLine.Level level) {
        return switch (level) {
            case TRACE -> 0;
            case DEBUG -> 1;
            case INFO -> 2;
            case WARN -> 3;
            case ERROR -> 4;
        };
    }

    static @Nullable Long millis(Optional<Instant> time) {
        return time.map(Instant::toEpochMilli).orElse(null);
    }

    static @Nullable String id(Optional<?> id) {
        return id.map(Object::toString).orElse(null);
    }

    /** The text without what PostgreSQL cannot hold. */
    static @Nullable String clean(@Nullable String text) {
        return text == null || text.indexOf('\0') < 0 ? text : text.replace('\0', '\uFFFD');
    }
}

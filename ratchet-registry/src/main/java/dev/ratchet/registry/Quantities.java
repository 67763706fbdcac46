package dev.ratchet.registry;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Durations and sizes as authors write them. */
final class Quantities {
    static final String DURATION_FORMS = "seconds as a number, or \"500ms\", \"30s\", \"5m\", \"2h\", \"PT1M30S\"";
    static final String SIZE_FORMS = "bytes as a whole number, or \"64MiB\" (1024-based: KiB, MiB, GiB) or \"64MB\""
            + " (1000-based: KB, MB, GB)";

    private static final int MAX_TEXT = 40;
    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,6})?) ?([A-Za-z]{1,3})");

    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "min", 60_000L, "h", 3_600_000L, "d", 86_400_000L);

    private static final Map<String, Long> BYTES = Map.of(
            "B", 1L,
            "KB", 1_000L,
            "MB", 1_000_000L,
            "GB", 1_000_000_000L,
            "KiB", 1L << 10,
            "MiB", 1L << 20,
            "GiB", 1L << 30);

    private Quantities() {}

    /** Whole milliseconds; empty when {@code node} is no duration in one of {@link #DURATION_FORMS}. */
    static Optional<Duration> duration(JsonNode node) {
        if (node.isNumber()) {
            return scaled(node.decimalValueOpt(), 1_000).map(Duration::ofMillis);
        }
        if (!node.isString() || node.asString().length() > MAX_TEXT) {
            return Optional.empty();
        }
        String text = node.asString().strip();
        Matcher amount = AMOUNT.matcher(text);
        if (amount.matches()) {
            Long unit = MILLIS.get(amount.group(2));
            return unit == null
                    ? Optional.empty()
                    : scaled(Optional.of(new BigDecimal(amount.group(1))), unit).map(Duration::ofMillis);
        }
        try {
            Duration parsed = Duration.parse(text);
            return Optional.of(Duration.ofMillis(parsed.toMillis()));
        } catch (DateTimeParseException | ArithmeticException e) {
            return Optional.empty(); // the caller names the accepted forms
        }
    }

    /** Whole bytes; empty when {@code node} is no size in one of {@link #SIZE_FORMS}. */
    static Optional<Long> size(JsonNode node) {
        if (node.isIntegralNumber()) {
            return node.canConvertToLong() ? Optional.of(node.longValue()) : Optional.empty();
        }
        if (!node.isString() || node.asString().length() > MAX_TEXT) {
            return Optional.empty();
        }
        Matcher amount = AMOUNT.matcher(node.asString().strip());
        Long unit = amount.matches() ? BYTES.get(amount.group(2)) : null;
        return unit == null ? Optional.empty() : scaled(Optional.of(new BigDecimal(amount.group(1))), unit);
    }

    private static Optional<Long> scaled(Optional<BigDecimal> amount, long unit) {
        // A scale beyond this is either zero or astronomical, and costly to expand.
        return amount.filter(value -> Math.abs((long) value.scale()) <= 20 && value.precision() <= 30)
                .map(value -> value.multiply(BigDecimal.valueOf(unit)).setScale(0, RoundingMode.HALF_UP))
                .filter(value -> value.unscaledValue().bitLength() < Long.SIZE)
                .map(BigDecimal::longValueExact);
    }
}

package dev.ratchet.cli.config;

import dev.ratchet.core.common.KnownNames;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What a key accepts: reads a value, says what would be accepted, and shows a value so that it could be read again.
 *
 * @param <T> the type of its values
 */
sealed interface Type<T> {
    /** Reads a value as an environment variable or an option has it. */
    Reading<T> read(String text);

    /** What is accepted, as the end of a sentence. */
    String accepted();

    /** The value as it would stand in a file. */
    JsonNode show(T value);

    /** Reads a value of a file; {@code node} is not null and may be of any kind. */
    default Reading<T> read(JsonNode node) {
        return node.isValueNode() ? read(node.asString()) : Reading.bad(notA(node));
    }

    /** The message for a value of the wrong kind. */
    default String notA(JsonNode node) {
        String kind = node.isObject() ? "a mapping" : node.isArray() ? "a list" : shown(node.toString());
        return "must be " + accepted() + ", not " + kind;
    }

    /** A value of a message: quoted, and no longer than a line. */
    static String shown(String value) {
        return "'" + (value.length() > 80 ? value.substring(0, 80) + "…" : value) + "'";
    }

    /** What else a text has to fulfil. */
    @FunctionalInterface
    interface Rule {
        /** What is wrong with {@code text} and what would be accepted; empty when it is fine. */
        Optional<String> fault(String text);
    }

    /**
     * A text.
     *
     * @param most most characters; the least is one
     * @param loose whether a number may stand for its digits
     * @param accepted what it is
     * @param rule a rule of its own
     */
    record Text(int most, boolean loose, String accepted, Rule rule) implements Type<String> {
        @Override
        public Reading<String> read(String text) {
            if (text.isEmpty() || text.length() > most) {
                return Reading.bad("must be " + accepted + " of 1 to " + most + " characters");
            }
            return rule.fault(text).<Reading<String>>map(Reading::bad).orElseGet(() -> Reading.good(text));
        }

        @Override
        public Reading<String> read(JsonNode node) {
            boolean text = node.isString() || (loose && node.isNumber());
            return text ? read(node.asString()) : Reading.bad(notA(node));
        }

        @Override
        public JsonNode show(String value) {
            return JsonNodeFactory.instance.stringNode(value);
        }
    }

    /** One of several words, without regard to case. */
    record Choice(List<String> words) implements Type<String> {
        @Override
        public Reading<String> read(String text) {
            for (String word : words) {
                if (word.equalsIgnoreCase(text)) {
                    return Reading.good(word);
                }
            }
            String meant = KnownNames.nearest(text, words)
                    .map(word -> "; did you mean '" + word + "'?")
                    .orElse("");
            return Reading.bad("must be " + accepted() + ", not " + shown(text) + meant);
        }

        @Override
        public String accepted() {
            return "one of " + String.join(", ", words);
        }

        @Override
        public JsonNode show(String value) {
            return JsonNodeFactory.instance.stringNode(value);
        }
    }

    /** Yes or no. */
    record Flag() implements Type<Boolean> {
        @Override
        public Reading<Boolean> read(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "true" -> Reading.good(true);
                case "false" -> Reading.good(false);
                default -> Reading.bad("must be true or false, not " + shown(text));
            };
        }

        @Override
        public String accepted() {
            return "true or false";
        }

        @Override
        public JsonNode show(Boolean value) {
            return JsonNodeFactory.instance.booleanNode(value);
        }
    }

    /** A whole number within bounds. */
    record Whole(int least, int most) implements Type<Integer> {
        @Override
        public Reading<Integer> read(String text) {
            try {
                int value = Integer.parseInt(text);
                if (value >= least && value <= most) {
                    return Reading.good(value);
                }
            } catch (NumberFormatException e) {
                // Said below, together with what is out of range.
            }
            return Reading.bad("must be " + accepted() + ", not " + shown(text));
        }

        @Override
        public String accepted() {
            return "a whole number from " + least + " to " + most;
        }

        @Override
        public JsonNode show(Integer value) {
            return JsonNodeFactory.instance.numberNode(value);
        }
    }

    /** A number of bytes within bounds, with or without a binary unit. */
    record Bytes(long least, long most) implements Type<Long> {
        private static final Pattern FORM = Pattern.compile("(\\d{1,15})\\s*(KiB|MiB|GiB)?");

        @Override
        public Reading<Long> read(String text) {
            Matcher matcher = FORM.matcher(text);
            if (matcher.matches()) {
                String unit = matcher.group(2);
                int shift = unit == null
                        ? 0
                        : switch (unit) {
                            case "KiB" -> 10;
                            case "MiB" -> 20;
                            default -> 30;
                        };
                long number = Long.parseLong(matcher.group(1));
                if (number <= most >> shift && number << shift >= least) {
                    return Reading.good(number << shift);
                }
            }
            return Reading.bad("must be " + accepted() + ", not " + shown(text));
        }

        @Override
        public String accepted() {
            return "bytes from " + least + " to " + most + ", with KiB, MiB or GiB if you like";
        }

        @Override
        public JsonNode show(Long value) {
            return JsonNodeFactory.instance.numberNode(value);
        }
    }

    /** A decimal number; {@code least} itself is not accepted when {@code above}. */
    record Decimal(double least, boolean above, double most) implements Type<Double> {
        @Override
        public Reading<Double> read(String text) {
            try {
                double value = Double.parseDouble(text);
                if ((above ? value > least : value >= least) && value <= most) {
                    return Reading.good(value);
                }
            } catch (NumberFormatException e) {
                // Said below, together with what is out of range.
            }
            return Reading.bad("must be " + accepted() + ", not " + shown(text));
        }

        @Override
        public String accepted() {
            return "a number " + (above ? "above " : "from ") + least + (above ? ", at most " : " to ") + most;
        }

        @Override
        public JsonNode show(Double value) {
            return JsonNodeFactory.instance.numberNode(value);
        }
    }

    /** A length of time; a bare number counts seconds, or milliseconds where the key says so. */
    record Time(Duration least, Duration most, boolean millis) implements Type<Duration> {
        private static final int MOST_CHARACTERS = 40;

        @Override
        public Reading<Duration> read(String text) {
            if (text.length() <= MOST_CHARACTERS) {
                try {
                    Duration value = text.startsWith("P") || text.startsWith("p")
                            ? Duration.parse(text)
                            : Duration.ofNanos(new BigDecimal(text)
                                    .movePointRight(millis ? 6 : 9)
                                    .setScale(0, RoundingMode.HALF_UP)
                                    .longValueExact());
                    if (value.compareTo(least) >= 0 && value.compareTo(most) <= 0) {
                        return Reading.good(value);
                    }
                } catch (DateTimeParseException | ArithmeticException | NumberFormatException e) {
                    // Said below, together with what is out of range.
                }
            }
            return Reading.bad(shown(text) + " is no duration here; accepted: " + accepted());
        }

        @Override
        public String accepted() {
            String unit = millis ? "milliseconds" : "seconds";
            return unit + " from " + number(least) + " to " + number(most) + ", or ISO 8601 such as PT30S";
        }

        @Override
        public JsonNode show(Duration value) {
            BigDecimal number = decimal(value);
            return number.scale() <= 0
                    ? JsonNodeFactory.instance.numberNode(number.longValueExact())
                    : JsonNodeFactory.instance.numberNode(number);
        }

        private String number(Duration value) {
            return decimal(value).toPlainString();
        }

        private BigDecimal decimal(Duration value) {
            BigDecimal number = BigDecimal.valueOf(value.toNanos()).movePointLeft(millis ? 6 : 9);
            BigDecimal stripped = number.stripTrailingZeros();
            return stripped.scale() < 0 ? stripped.setScale(0, RoundingMode.UNNECESSARY) : stripped;
        }
    }

    /** A list of texts; in a variable they are parted by commas. */
    record Texts(Text item, int most) implements Type<List<String>> {
        @Override
        public Reading<List<String>> read(String text) {
            return gather(Arrays.stream(text.split(",", -1))
                    .map(String::strip)
                    .map(item::read)
                    .toList());
        }

        @Override
        public Reading<List<String>> read(JsonNode node) {
            if (!node.isArray()) {
                return Reading.bad(notA(node));
            }
            return gather(node.valueStream().limit(most + 1L).map(item::read).toList());
        }

        private Reading<List<String>> gather(List<Reading<String>> items) {
            if (items.size() > most) {
                return Reading.bad("has more than " + most + " items");
            }
            List<String> values = new ArrayList<>();
            for (Reading<String> reading : items) {
                switch (reading) {
                    case Reading.Good<String>(String value) -> values.add(value);
                    case Reading.Bad<String>(String message) -> {
                        return Reading.bad("item " + (values.size() + 1) + ": " + message);
                    }
                }
            }
            return Reading.good(List.copyOf(values));
        }

        @Override
        public String accepted() {
            return "a list, each item " + item.accepted();
        }

        @Override
        public JsonNode show(List<String> value) {
            ArrayNode list = JsonNodeFactory.instance.arrayNode();
            value.forEach(list::add);
            return list;
        }
    }

    /** Whatever stands there; for keys that are accepted and not used. */
    record Anything() implements Type<JsonNode> {
        @Override
        public Reading<JsonNode> read(String text) {
            return Reading.good(JsonNodeFactory.instance.stringNode(text));
        }

        @Override
        public Reading<JsonNode> read(JsonNode node) {
            return Reading.good(node);
        }

        @Override
        public String accepted() {
            return "anything";
        }

        @Override
        public JsonNode show(JsonNode value) {
            return value;
        }
    }
}

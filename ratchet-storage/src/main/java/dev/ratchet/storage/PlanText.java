package dev.ratchet.storage;

import dev.ratchet.core.schedule.DstPolicy;
import dev.ratchet.core.schedule.MisfirePolicy;
import dev.ratchet.core.schedule.OverlapPolicy;
import dev.ratchet.core.schedule.SchedulePlan;
import dev.ratchet.core.schedule.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A schedule's plan as it is stored: a JSON object with the timing's kind and its own keys, and the keys all plans have.
 * Times and durations are milliseconds; what a plan does not have is absent.
 */
final class PlanText {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private PlanText() {}

    static String write(SchedulePlan plan) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        switch (plan.timing()) {
            case Timing.Cron cron ->
                node.put("kind", "cron")
                        .put("expression", cron.expression().toString())
                        .put("zone", cron.zone().getId())
                        .put("dst", cron.dst().wireName());
            case Timing.Interval interval ->
                node.put("kind", "interval")
                        .put("every", interval.every().toMillis())
                        .put("anchor", interval.anchor().toEpochMilli());
            case Timing.Once once ->
                node.put("kind", "once").put("at", once.at().toEpochMilli());
        }
        plan.start().ifPresent(start -> node.put("start", start.toEpochMilli()));
        plan.end().ifPresent(end -> node.put("end", end.toEpochMilli()));
        plan.maxExecutions().ifPresent(most -> node.put("maxExecutions", most));
        node.put("misfire", plan.misfire().mode().wireName())
                .put("maxLateness", plan.misfire().maxLateness().toMillis())
                .put("overlap", plan.overlap().wireName())
                .put("jitter", plan.jitter().toMillis());
        return JSON.writeValueAsString(node);
    }

    /**
     * The plan {@link #write} was given.
     *
     * @throws IllegalStateException when the text is none that it made, or the program has changed its mind about it
     */
    static SchedulePlan read(String text) {
        try {
            JsonNode node = JSON.readTree(text);
            return new SchedulePlan(
                    timing(node),
                    time(node, "start"),
                    time(node, "end"),
                    node.has("maxExecutions")
                            ? Optional.of(node.required("maxExecutions").longValue())
                            : Optional.empty(),
                    new MisfirePolicy(
                            MisfirePolicy.Mode.of(node.required("misfire").stringValue()),
                            duration(node, "maxLateness")),
                    OverlapPolicy.of(node.required("overlap").stringValue()),
                    duration(node, "jitter"));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new IllegalStateException("the stored plan cannot be read: " + e.getMessage(), e);
        }
    }

    private static Timing timing(JsonNode node) {
        String kind = node.required("kind").stringValue();
        return switch (kind) {
            case "cron" ->
                Timing.Cron.of(
                        node.required("expression").stringValue(),
                        node.required("zone").stringValue(),
                        DstPolicy.of(node.required("dst").stringValue()));
            case "interval" ->
                new Timing.Interval(
                        duration(node, "every"), time(node, "anchor").orElseThrow(() -> absent("anchor")));
            case "once" -> new Timing.Once(time(node, "at").orElseThrow(() -> absent("at")));
            default -> throw new IllegalArgumentException("unknown kind of timing '" + kind + "'");
        };
    }

    private static IllegalArgumentException absent(String key) {
        return new IllegalArgumentException("it has no " + key);
    }

    private static Optional<Instant> time(JsonNode node, String key) {
        return node.has(key)
                ? Optional.of(Instant.ofEpochMilli(node.required(key).longValue()))
                : Optional.empty();
    }

    private static Duration duration(JsonNode node, String key) {
        return Duration.ofMillis(node.required(key).longValue());
    }
}

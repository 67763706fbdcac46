package dev.ratchet.execution.delivery;

import dev.ratchet.core.delivery.DeliveryPayload;
import dev.ratchet.core.delivery.DeliveryPayload.Result;
import dev.ratchet.core.delivery.DeliveryRequest;
import dev.ratchet.core.delivery.DeliveryVariables;
import dev.ratchet.core.id.ScheduleId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The names a template may use.
 *
 * @param scalars variables that have a value
 * @param structure {@code output} or {@code error}
 * @param result the document behind it
 */
record TemplateModel(Map<String, Object> scalars, String structure, JsonNode result) {
    private static final String OUTPUT = "output";
    private static final String ERROR = "error";

    /** Every name, whether it has a value for a given job or not. */
    static final Set<String> NAMES = Set.of(
            "delivery_id",
            "job_id",
            "execution_id",
            "task_id",
            "task_name",
            "task_version",
            "schedule_id",
            "schedule_name",
            "status",
            "attempt",
            "timestamp",
            "date",
            "year",
            "month",
            "day",
            "hour",
            "env",
            "environment",
            "trace_id",
            "request_id",
            OUTPUT,
            ERROR);

    /** The names of one delivery; a time is written in the given form. */
    static TemplateModel of(DeliveryRequest request, JsonNode result, StrftimePattern timestamps) {
        DeliveryPayload payload = request.payload();
        DeliveryVariables variables = payload.variables();
        ZonedDateTime time = variables.finishedAt().atZone(ZoneOffset.UTC);
        Map<String, Object> scalars = new LinkedHashMap<>();
        scalars.put("delivery_id", request.id().value().toString());
        scalars.put("job_id", variables.jobId().value().toString());
        scalars.put("execution_id", variables.executionId().value().toString());
        scalars.put("task_id", variables.taskId().value().toString());
        scalars.put("task_name", variables.taskName());
        scalars.put("task_version", variables.taskVersion());
        ScheduleId schedule = variables.scheduleId();
        putPresent(
                scalars,
                "schedule_id",
                schedule == null ? null : schedule.value().toString());
        putPresent(scalars, "schedule_name", variables.scheduleName());
        scalars.put("status", variables.status());
        scalars.put("attempt", variables.attempt());
        scalars.put("timestamp", timestamps.format(time));
        scalars.put("date", time.toLocalDate().toString());
        scalars.put("year", String.format(Locale.ROOT, "%04d", time.getYear()));
        scalars.put("month", twoDigits(time.getMonthValue()));
        scalars.put("day", twoDigits(time.getDayOfMonth()));
        scalars.put("hour", twoDigits(time.getHour()));
        scalars.put("env", variables.environment());
        scalars.put("environment", variables.environment());
        putPresent(scalars, "trace_id", variables.traceId());
        putPresent(scalars, "request_id", variables.requestId());
        String structure =
                switch (payload.result()) {
                    case Result.Output _ -> OUTPUT;
                    case Result.Fault _ -> ERROR;
                };
        return new TemplateModel(scalars, structure, result);
    }

    /** What the engine sees. */
    Map<String, Object> root(RenderBudget budget) {
        Map<String, Object> root = new LinkedHashMap<>(scalars);
        root.put(structure, JsonView.of(result, budget));
        return root;
    }

    private static void putPresent(Map<String, Object> scalars, String name, @Nullable String value) {
        if (value != null) {
            scalars.put(name, value);
        }
    }

    private static String twoDigits(int number) {
        return String.format(Locale.ROOT, "%02d", number);
    }
}

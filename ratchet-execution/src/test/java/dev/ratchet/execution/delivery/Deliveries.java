package dev.ratchet.execution.delivery;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.delivery.DeliveryPayload;
import dev.ratchet.core.delivery.DeliveryPayload.Result;
import dev.ratchet.core.delivery.DeliveryRequest;
import dev.ratchet.core.delivery.DeliveryVariables;
import dev.ratchet.core.delivery.OutputDestination;
import dev.ratchet.core.delivery.OutputDestination.StdioStream;
import dev.ratchet.core.id.DeliveryId;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.execution.recording.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Deliveries, destinations and settings for tests. */
final class Deliveries {
    static final Instant NOW = Instant.parse("2026-03-07T08:09:10.123Z");
    static final DeliveryId ID = new DeliveryId(uuid(1));
    static final JobId JOB = new JobId(uuid(2));
    static final ExecutionId EXECUTION = new ExecutionId(uuid(3));
    static final TaskId TASK = new TaskId(uuid(4));
    static final DeliveryVariables VARIABLES = new DeliveryVariables(
            JOB, EXECUTION, TASK, "weather", "1.2.0", null, null, "COMPLETED", 2, NOW, "staging", "trace-1", null);

    private Deliveries() {}

    private static UUID uuid(int last) {
        return UUID.fromString("0195713f-5d2a-7000-8000-00000000000" + last);
    }

    static DeliveryRequest request(OutputDestination destination, String output) {
        return new DeliveryRequest(
                ID, destination, new DeliveryPayload(new Result.Output(new JsonText(output)), VARIABLES));
    }

    static DeliveryRequest failed(OutputDestination destination, String error) {
        return new DeliveryRequest(
                ID, destination, new DeliveryPayload(new Result.Fault(new JsonText(error)), VARIABLES));
    }

    /** The only destination of an array in the API's shape, written with single quotes. */
    static OutputDestination destination(String json) {
        return new DestinationJson()
                .read("destinations", new JsonText("[" + json.replace('\'', '"') + "]"))
                .getFirst();
    }

    static OutputDestination file(String options) {
        return destination("{'destinationType':'filesystem','filesystem':" + options + "}");
    }

    static OutputDestination webhook(String options) {
        return destination("{'destinationType':'webhook','webhook':" + options + "}");
    }

    static OutputDestination stdio(String options) {
        return destination("{'destinationType':'stdio','stdio':" + options + "}");
    }

    static TemplateModel model(String output) {
        return TemplateModel.of(
                request(stdio("{}"), output),
                Json.parse("output", output),
                StrftimePattern.parse(DeliverySettings.DEFAULT_TIMESTAMP_FORMAT));
    }

    static DeliverySettings settings(Path root) {
        return DeliverySettings.of(root);
    }

    /** Keeps what was written. */
    static final class Lines implements StdioSink {
        final List<String> written = new ArrayList<>();
        int flushes;

        @Override
        public void write(StdioStream stream, byte[] lines) {
            written.add(stream + ":" + new String(lines, StandardCharsets.UTF_8));
        }

        @Override
        public void flush(StdioStream stream) {
            flushes++;
        }
    }
}

package dev.ratchet.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/**
 * A task of a server that adds two numbers, without schemas: the same that the yardstick runs.
 *
 * @param id of the task
 */
record NoOpTask(String id) {
    /** What stands in the answer of a run that succeeded. */
    static final byte[] SUM = "\"output\":{\"sum\":3}".getBytes(StandardCharsets.UTF_8);

    private static final String INPUT = "{\"a\": 1, \"b\": 2}";

    /** Stores the task under a name that is still free. */
    static NoOpTask create(Connection connection, String name) throws IOException {
        JsonNode task = connection.post(
                "/api/v1/tasks",
                "{\"name\": \"" + name + "\", \"version\": \"1.0.0\","
                        + " \"sourceCode\": \"export default function ({a, b}) { return {sum: a + b}; }\"}");
        return new NoOpTask(task.path("data").path("id").asString());
    }

    /** Runs it and waits for the result. */
    byte[] execute(int port) {
        return Connection.request(
                port, "POST", "/api/v1/tasks/" + id + "/execute?wait=30", "{\"input\": " + INPUT + "}");
    }

    /** Queues a job for it. */
    byte[] submit(int port) {
        return Connection.request(
                port, "POST", "/api/v1/jobs", "{\"taskId\": \"" + id + "\", \"input\": " + INPUT + "}");
    }

    /** Sends {@code request} and refuses any answer but one of that status. */
    static AnswerBuffer checked(Connection connection, byte[] request, int status) throws IOException {
        AnswerBuffer answer = connection.send(request);
        if (answer.status() != status) {
            throw new IllegalStateException("expected " + status + ", was answered with " + answer);
        }
        return answer;
    }

    /** Waits until nothing waits and nothing runs. */
    static void awaitQuiet(Connection connection, long deadline, Duration between) throws IOException {
        while (true) {
            JsonNode queue = connection.get("/api/v1/queue").path("data");
            if (queue.path("waiting").asLong() == 0 && queue.path("running").asLong() == 0) {
                return;
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the queue was not empty in time: " + queue);
            }
            Pacing.pause(between.toNanos());
        }
    }
}

package dev.ratchet.execution.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.delivery.DeliveryAttempt;
import dev.ratchet.core.delivery.OutputDestination;
import dev.ratchet.core.delivery.OutputDestination.Stdio;
import dev.ratchet.core.delivery.OutputDestination.StdioStream;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StdioChannelTest {
    private final Deliveries.Lines lines = new Deliveries.Lines();

    @Test
    void deliverWhenPrefixedEveryLineHasIt() {
        deliver(
                Deliveries.stdio(
                        "{'stream':'stderr','format':'RAW','includeMetadata':false,'prefix':'[{{task_name}}] '}"),
                "\"a\\nb\\u001b[31m\"");

        assertThat(lines.written).containsExactly("STDERR:[weather] a\n[weather] b\ufffd[31m\n");
        assertThat(lines.flushes).isEqualTo(1);
    }

    @Test
    void deliverWhenMetadataIsWantedStandsBesideResult() {
        deliver(Deliveries.stdio("{'format':'JSON_COMPACT'}"), "{\"a\":1}");
        deliver(Deliveries.stdio("{'format':'RAW','lineBuffered':false}"), "\"x\"");

        assertThat(lines.written.get(0))
                .startsWith("STDOUT:{\"metadata\":{\"delivery_id\":")
                .contains("\"task_name\":\"weather\"")
                .endsWith("\"output\":{\"a\":1}}\n");
        assertThat(lines.written.get(1)).startsWith("STDOUT:# delivery_id=").endsWith("\nx\n");
        assertThat(lines.flushes).isEqualTo(1);
    }

    @Test
    void deliverWhenTemplateIsGivenWritesIt() {
        deliver(
                Deliveries.destination("{'destinationType':'stdio','template':'{{task_name}}: {{output.a}}',"
                        + "'stdio':{'format':'RAW','includeMetadata':false}}"),
                "{\"a\":1}");

        assertThat(lines.written).containsExactly("STDOUT:weather: 1\n");
    }

    @Test
    void deliverWhenStreamIsGoneIsRetried() {
        StdioSink broken = new StdioSink() {
            @Override
            public void write(StdioStream stream, byte[] lines) throws IOException {
                throw new IOException("Broken pipe");
            }

            @Override
            public void flush(StdioStream stream) {}
        };
        OutputDestination destination = Deliveries.stdio("{}");

        DeliveryAttempt attempt =
                new StdioChannel(broken, false).deliver((Stdio) destination, rendering(destination, "1"));

        assertThat(attempt).isInstanceOf(DeliveryAttempt.Retry.class);
    }

    private void deliver(OutputDestination destination, String output) {
        DeliveryAttempt attempt =
                new StdioChannel(lines, true).deliver((Stdio) destination, rendering(destination, output));
        assertThat(attempt).isInstanceOf(DeliveryAttempt.Delivered.class);
    }

    private static Rendering rendering(OutputDestination destination, String output) {
        return new Rendering(Deliveries.request(destination, output), Deliveries.settings(Path.of("out")));
    }
}

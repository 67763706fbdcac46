package dev.ratchet.execution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OutputTailTest {
    private static String tailOf(String written) {
        OutputTail tail = new OutputTail(new ByteArrayInputStream(written.getBytes(StandardCharsets.UTF_8)));
        tail.run();
        return tail.text();
    }

    @Test
    void textWhenLittleWasWrittenIsAll() {
        assertThat(tailOf("first\nlast\n")).isEqualTo("first\nlast");
    }

    @Test
    void textWhenMuchWasWrittenIsTheLastOfIt() {
        assertThat(tailOf("x".repeat(1_000_000) + "the end"))
                .hasSize(OutputTail.CAPACITY)
                .endsWith("xthe end");
    }
}

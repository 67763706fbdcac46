package dev.ratchet.execution.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TaskRandomTest {
    @Test
    void nextWhenSeedsAreEqualRepeats() {
        TaskRandom first = new TaskRandom("seed");
        TaskRandom second = new TaskRandom("seed");

        for (int i = 0; i < 1000; i++) {
            assertThat(second.nextDouble()).isEqualTo(first.nextDouble()).isBetween(0.0, Math.nextDown(1.0));
        }
        assertThat(bytes(second, 100)).isEqualTo(bytes(first, 100));
    }

    @Test
    void nextWhenSeedsDifferDiffers() {
        assertThat(new TaskRandom("a").nextDouble()).isNotEqualTo(new TaskRandom("b").nextDouble());
        assertThat(bytes(new TaskRandom("a"), 16)).isNotEqualTo(bytes(new TaskRandom("b"), 16));
    }

    @Test
    void nextBytesWhenAskedInPiecesGivesOneStream() {
        TaskRandom whole = new TaskRandom("seed");
        TaskRandom pieces = new TaskRandom("seed");
        byte[] expected = bytes(whole, 40);

        // Numbers in between do not disturb the bytes.
        byte[] first = bytes(pieces, 7);
        pieces.nextDouble();
        byte[] second = bytes(pieces, 33);

        assertThat(first).isEqualTo(Arrays.copyOf(expected, 7));
        assertThat(second).isEqualTo(Arrays.copyOfRange(expected, 7, 40));
    }

    @Test
    void nextDoubleWhenDrawnOftenIsEvenlySpread() {
        TaskRandom random = new TaskRandom("spread");
        int[] buckets = new int[10];

        for (int i = 0; i < 100_000; i++) {
            buckets[(int) (random.nextDouble() * 10)]++;
        }

        for (int count : buckets) {
            assertThat(count).isBetween(9_500, 10_500);
        }
    }

    private static byte[] bytes(TaskRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}

package dev.ratchet.core.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KnownNamesTest {
    private static final List<String> KNOWN = List.of("wallTime", "cpuTime", "memory", "fetches");

    @Test
    void unknownWhenMistypedNamesTheOneMeant() {
        assertThat(KnownNames.unknown("key", "waltime", KNOWN))
                .isEqualTo("unknown key 'waltime'; did you mean 'wallTime'?");
        assertThat(KnownNames.nearest("fetchs", KNOWN)).contains("fetches");
    }

    @Test
    void unknownWhenNothingIsCloseListsWhatIsAccepted() {
        assertThat(KnownNames.unknown("key", "colour", KNOWN))
                .isEqualTo("unknown key 'colour'; accepted: cpuTime, fetches, memory, wallTime");
    }

    @Test
    void unknownWhenVeryLongShortensIt() {
        assertThat(KnownNames.unknown("key", "x".repeat(1_000_000), KNOWN)).hasSizeLessThan(200);
    }
}

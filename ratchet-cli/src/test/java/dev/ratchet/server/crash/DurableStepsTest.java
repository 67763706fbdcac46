package dev.ratchet.server.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class DurableStepsTest {
    @Test
    void unclassifiedWhenEveryMethodOfAPortIsNamedIsEmpty() {
        assertThat(DurableSteps.unclassified())
                .as("methods of ports that crashes are not known to need, or that are gone: name them in DurableSteps")
                .isEmpty();
    }

    @Test
    void parseWhenWellFormedGivesThePoint() {
        FailPoint point = FailPoint.parse("JobStore.complete:after#3");

        assertThat(point)
                .isEqualTo(new FailPoint("JobStore.complete", true, 3))
                .hasToString("JobStore.complete:after#3");
    }

    @Test
    void parseWhenTheStepIsUnknownNamesWhatIsAccepted() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FailPoint.parse("JobStore.find:after#3"))
                .withMessageContaining("JobStore.complete");
    }
}

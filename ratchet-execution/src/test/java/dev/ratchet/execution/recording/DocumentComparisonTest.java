package dev.ratchet.execution.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.task.JsonComparison.Difference;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DocumentComparisonTest {
    @Test
    void compareNamesEveryPlaceWithBothValues() {
        assertThat(new DocumentComparison()
                        .compare(
                                new JsonText("{\"limits\":{\"fetches\":1},\"a/b\":[1],\"same\":1.0}"),
                                new JsonText("{\"same\":1,\"limits\":{\"fetches\":2},\"new\":null}"))
                        .differences())
                .containsExactlyInAnyOrder(
                        new Difference(
                                "/limits/fetches", Optional.of(new JsonText("1")), Optional.of(new JsonText("2"))),
                        new Difference("/a~1b", Optional.of(new JsonText("[1]")), Optional.empty()),
                        new Difference("/new", Optional.empty(), Optional.of(JsonText.NULL)));
    }
}

package dev.ratchet.execution.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.UuidV7;
import dev.ratchet.core.delivery.NewDelivery;
import dev.ratchet.core.delivery.OutputDestination;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DestinationPlannerTest {
    private static final OutputDestination ON_SUCCESS = Deliveries.file("{'path':'a.json'}");
    private static final OutputDestination ON_FAILURE = Deliveries.destination(
            "{'on':'failure','destinationType':'webhook','webhook':{'url':'https://h.example/','signingSecret':"
                    + "'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'}}");
    private static final OutputDestination GLOBAL =
            Deliveries.destination("{'on':'always','destinationType':'stdio','stdio':{}}");

    private final DestinationJson json = new DestinationJson();
    private final DestinationPlanner planner = new DestinationPlanner(
            json, List.of(GLOBAL), new UuidV7(InstantSource.fixed(Deliveries.NOW), new SecureRandom()));

    @Test
    void planWhenJobEndsDependsOnHow() {
        var stored = Optional.of(json.write(List.of(ON_SUCCESS, ON_FAILURE), false));

        assertThat(planned(planner.plan(stored, true))).containsExactly(ON_SUCCESS, GLOBAL);
        assertThat(planned(planner.plan(stored, false))).containsExactly(ON_FAILURE, GLOBAL);
        assertThat(planned(planner.plan(Optional.empty(), true))).containsExactly(GLOBAL);
    }

    @Test
    void planWhenSeveralAreMadeEachHasItsIdAndType() {
        List<NewDelivery> planned = planner.plan(Optional.of(json.write(List.of(ON_SUCCESS), false)), true);

        assertThat(planned).extracting(NewDelivery::id).doesNotHaveDuplicates();
        assertThat(planned).extracting(NewDelivery::destinationType).containsExactly("FILESYSTEM", "STDIO");
    }

    private List<OutputDestination> planned(List<NewDelivery> deliveries) {
        return deliveries.stream()
                .flatMap(delivery -> json.read("stored", delivery.destination()).stream())
                .toList();
    }
}

package dev.ratchet.api.rest;

import dev.ratchet.api.json.View;
import dev.ratchet.api.web.Answer;
import dev.ratchet.api.web.Call;
import dev.ratchet.api.web.Controller;
import dev.ratchet.api.web.Envelopes;
import dev.ratchet.api.web.ListParameters;
import dev.ratchet.api.web.Reply;
import dev.ratchet.api.web.Route;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.delivery.Deliveries;
import dev.ratchet.core.delivery.Delivery;
import dev.ratchet.core.delivery.DeliveryField;
import dev.ratchet.core.delivery.DeliveryStore.AttemptResult;
import dev.ratchet.core.id.DeliveryId;
import dev.ratchet.core.id.ExecutionId;
import dev.ratchet.core.job.Executions;
import dev.ratchet.core.listing.ListQuery;
import java.util.List;
import java.util.Optional;

/** {@code /deliveries}, and those of an execution. */
final class DeliveryController implements Controller {
    static final ListParameters<DeliveryField> LIST = new ListParameters<>(DeliveryField.class);

    /**
     * A delivery as it may be seen.
     *
     * @param destination without secrets
     */
    record Shown(Delivery delivery, JsonText destination) {}

    static final View<Shown> DELIVERY = View.<Shown>named("Delivery")
            .id("id", shown -> shown.delivery().id())
            .id("uuid", shown -> shown.delivery().id())
            .id("jobId", shown -> shown.delivery().job())
            .id("executionId", shown -> shown.delivery().execution())
            .id("taskId", shown -> shown.delivery().task())
            .text("destinationType", shown -> shown.delivery().destinationType())
            .json("destination", shown -> Optional.of(shown.destination()))
            .choice("status", Delivery.Status.class, shown -> shown.delivery().status())
            .integer("attempts", shown -> shown.delivery().attempts())
            .time("dueAt", shown -> shown.delivery().dueAt())
            .optionalText("lastError", shown -> shown.delivery().lastError())
            .time("createdAt", shown -> shown.delivery().createdAt())
            .optionalTime("completedAt", shown -> shown.delivery().completedAt())
            .flag("canRedeliver", shown -> isFinal(shown.delivery()))
            .build();

    static final View<AttemptResult> ATTEMPT = View.<AttemptResult>named("DeliveryAttempt")
            .integer("number", AttemptResult::number)
            .flag("success", AttemptResult::success)
            .time("at", AttemptResult::at)
            .integer("deliveryTimeMs", attempt -> attempt.took().toMillis())
            .integer("sizeBytes", AttemptResult::sizeBytes)
            .json("responseInfo", AttemptResult::response)
            .optionalText("errorMessage", AttemptResult::error)
            .build();

    private final Deliveries deliveries;
    private final Executions executions;
    private final Destinations destinations;

    DeliveryController(Deliveries deliveries, Executions executions, Destinations destinations) {
        this.deliveries = deliveries;
        this.executions = executions;
        this.destinations = destinations;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/deliveries", "listDeliveries")
                        .does("Lists deliveries")
                        .list(LIST)
                        .answers(Reply.page(DELIVERY))
                        .by(this::list),
                Route.get("/deliveries/{id}", "getDelivery")
                        .does("Shows a delivery")
                        .answers(Reply.one(200, DELIVERY, "The delivery"))
                        .by(call -> Envelopes.one(200, DELIVERY, shown(deliveries.get(call.caller(), id(call))))),
                Route.get("/deliveries/{id}/attempts", "listDeliveryAttempts")
                        .does("Shows every attempt of a delivery")
                        .answers(Reply.all(ATTEMPT))
                        .by(call -> Envelopes.all(ATTEMPT, deliveries.attempts(call.caller(), id(call)))),
                Route.post("/deliveries/{id}/redeliver", "redeliver")
                        .does("Makes an ended delivery once more")
                        .answers(Reply.action(DELIVERY, "It will be made"))
                        .by(call -> Envelopes.action(
                                "the delivery will be made once more",
                                DELIVERY,
                                shown(deliveries.redeliver(call.caller(), id(call))))),
                Route.get("/executions/{id}/deliveries", "listExecutionDeliveries")
                        .does("Shows the deliveries of an execution's result")
                        .answers(Reply.all(DELIVERY))
                        .by(this::ofExecution));
    }

    private static DeliveryId id(Call call) {
        return new DeliveryId(Identifiers.uuid("delivery", call.variable("id")));
    }

    /** A delivery keeps its one destination as it is stored: as an element of the job's array. */
    private Shown shown(Delivery delivery) {
        return new Shown(delivery, destinations.shownOne(delivery.destination()));
    }

    private static boolean isFinal(Delivery delivery) {
        return switch (delivery.status()) {
            case DELIVERED, FAILED -> true;
            case PENDING, DELIVERING, RETRYING -> false;
        };
    }

    private Answer list(Call call) {
        ListQuery<DeliveryField> query = LIST.read(call.query());
        return Envelopes.page(
                call, DELIVERY, query, deliveries.list(call.caller(), query).map(this::shown));
    }

    private Answer ofExecution(Call call) {
        ExecutionId id = Identifiers.execution(call.variable("id"));
        executions.outline(call.caller(), id);
        return Envelopes.all(
                DELIVERY,
                deliveries.ofExecution(call.caller(), id).stream()
                        .map(this::shown)
                        .toList());
    }
}

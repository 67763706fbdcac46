package dev.ratchet.storage;

import static dev.ratchet.storage.QueueFixture.NOW;
import static dev.ratchet.storage.QueueFixture.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.delivery.Delivery;
import dev.ratchet.core.delivery.DeliveryStore;
import dev.ratchet.core.delivery.DeliveryStore.AttemptResult;
import dev.ratchet.core.delivery.DeliveryStore.DeliveryClaim;
import dev.ratchet.core.delivery.NewDelivery;
import dev.ratchet.core.id.DeliveryId;
import dev.ratchet.core.id.NodeId;
import dev.ratchet.core.job.AttemptEnd;
import dev.ratchet.core.job.Claim;
import dev.ratchet.core.job.JobStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What every database must do with deliveries. */
@ParameterizedClass
@EnumSource
@Timeout(60)
class DeliveryStoreTest {
    private final QueueFixture queue;
    private final DeliveryStore deliveries;

    DeliveryStoreTest(TestDatabase.Vendor vendor) {
        this.queue = new QueueFixture(vendor);
        this.deliveries = queue.deliveries();
    }

    private DeliveryId planned() {
        Claim claim = queue.running();
        DeliveryId id = new DeliveryId(queue.ids.next());
        queue.jobs()
                .complete(QueueFixture.end(
                        claim,
                        QueueFixture.success(),
                        new AttemptEnd.Then.Done(JobStatus.COMPLETED),
                        List.of(new NewDelivery(id, "STDIO", new JsonText("{\"type\":\"stdio\"}")))));
        return id;
    }

    private Delivery find(DeliveryId id) {
        return deliveries.find(TENANT, id).orElseThrow();
    }

    private DeliveryClaim claimed() {
        List<DeliveryClaim> claims = deliveries.claim(queue.node, 10, NOW.plusSeconds(1));
        assertThat(claims).hasSize(1);
        return claims.getFirst();
    }

    private static AttemptResult result(DeliveryClaim claim, boolean success) {
        return new AttemptResult(
                claim.delivery().attempts(),
                success,
                NOW.plusSeconds(1),
                Duration.ofMillis(12),
                34,
                Optional.of(new JsonText("{\"status\":200}")),
                success ? Optional.empty() : Optional.of("no \0 answer"));
    }

    @Test
    void claimWhenDueIsForOneOnly() {
        DeliveryId id = planned();
        assertThat(deliveries.nextDue()).contains(NOW.plusSeconds(1));
        assertThat(deliveries.claim(queue.node, 10, NOW)).isEmpty();

        DeliveryClaim claim = claimed();

        assertThat(claim.delivery().id()).isEqualTo(id);
        assertThat(claim.delivery().status()).isEqualTo(Delivery.Status.DELIVERING);
        assertThat(claim.delivery().attempts()).isEqualTo(1);
        assertThat(deliveries.claim(queue.node, 10, NOW.plusSeconds(9))).isEmpty();
        assertThat(deliveries.find(new TenantId("other"), id)).isEmpty();
    }

    @Test
    void completeWhenDeliveredIsFinalAndShown() {
        DeliveryId id = planned();
        DeliveryClaim claim = claimed();
        AttemptResult result = result(claim, true);

        assertThat(deliveries.complete(claim, result, Delivery.Status.DELIVERED, Optional.empty(), NOW))
                .isTrue();

        assertThat(find(id).status()).isEqualTo(Delivery.Status.DELIVERED);
        assertThat(find(id).completedAt()).contains(NOW);
        assertThat(deliveries.attempts(TENANT, id)).containsExactly(result);
        assertThat(deliveries.nextDue()).isEmpty();
    }

    @Test
    void completeWhenToBeTriedAgainIsDueLater() {
        DeliveryId id = planned();
        DeliveryClaim claim = claimed();

        deliveries.complete(
                claim, result(claim, false), Delivery.Status.RETRYING, Optional.of(NOW.plusSeconds(60)), NOW);

        assertThat(find(id).status()).isEqualTo(Delivery.Status.RETRYING);
        assertThat(find(id).lastError()).contains("no \uFFFD answer");
        assertThat(find(id).completedAt()).isEmpty();
        assertThat(deliveries.nextDue()).contains(NOW.plusSeconds(60));
        assertThat(deliveries
                        .claim(queue.node, 10, NOW.plusSeconds(60))
                        .getFirst()
                        .delivery()
                        .attempts())
                .isEqualTo(2);
    }

    @Test
    void releaseWhenTheLeaseIsOverLetsAnotherTryAndRefusesTheLateResult() {
        DeliveryId id = planned();
        DeliveryClaim claim = claimed();
        assertThat(deliveries.release(NOW.plusSeconds(30))).isZero();

        assertThat(deliveries.release(NOW.plusSeconds(31))).isEqualTo(1);

        NodeId survivor = queue.newNode(NOW.plusSeconds(100));
        DeliveryClaim second =
                deliveries.claim(survivor, 10, NOW.plusSeconds(31)).getFirst();
        assertThat(second.token()).isGreaterThan(claim.token());
        assertThat(deliveries.complete(claim, result(claim, true), Delivery.Status.DELIVERED, Optional.empty(), NOW))
                .isFalse();
        assertThat(find(id).status()).isEqualTo(Delivery.Status.DELIVERING);
        assertThat(deliveries.attempts(TENANT, id)).hasSize(1);
        assertThat(deliveries.complete(second, result(second, true), Delivery.Status.DELIVERED, Optional.empty(), NOW))
                .isTrue();
        assertThat(deliveries.attempts(TENANT, id)).hasSize(2);
    }

    @Test
    void redeliverWhenFinalBeginsAnewAndKeepsTheOldAttempts() {
        DeliveryId id = planned();
        assertThat(deliveries.redeliver(TENANT, id, NOW)).isFalse();
        DeliveryClaim claim = claimed();
        deliveries.complete(claim, result(claim, false), Delivery.Status.FAILED, Optional.empty(), NOW);
        assertThat(deliveries.redeliver(new TenantId("other"), id, NOW)).isFalse();

        assertThat(deliveries.redeliver(TENANT, id, NOW)).isTrue();

        assertThat(find(id).status()).isEqualTo(Delivery.Status.PENDING);
        assertThat(find(id).completedAt()).isEmpty();
        DeliveryClaim second = claimed();
        deliveries.complete(second, result(second, true), Delivery.Status.DELIVERED, Optional.empty(), NOW);
        assertThat(deliveries.attempts(TENANT, id))
                .extracting(AttemptResult::success)
                .containsExactly(false, true);
    }
}

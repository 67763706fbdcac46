package dev.ratchet.storage;

import static dev.ratchet.storage.QueueFixture.NOW;
import static dev.ratchet.storage.QueueFixture.TENANT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Signals;
import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.delivery.Compression;
import dev.ratchet.core.delivery.DeliverOn;
import dev.ratchet.core.delivery.Delivery;
import dev.ratchet.core.delivery.DeliveryAttempt;
import dev.ratchet.core.delivery.DeliveryChannel;
import dev.ratchet.core.delivery.DeliveryDispatcher;
import dev.ratchet.core.delivery.DeliveryRequest;
import dev.ratchet.core.delivery.DeliveryRetryPolicy;
import dev.ratchet.core.delivery.DeliveryStore;
import dev.ratchet.core.delivery.DeliveryStore.AttemptResult;
import dev.ratchet.core.delivery.DeliveryStore.DeliveryClaim;
import dev.ratchet.core.delivery.NewDelivery;
import dev.ratchet.core.delivery.OutputDestination;
import dev.ratchet.core.delivery.OutputDestinations;
import dev.ratchet.core.delivery.OutputFormat;
import dev.ratchet.core.id.DeliveryId;
import dev.ratchet.core.id.NodeId;
import dev.ratchet.core.job.AttemptEnd;
import dev.ratchet.core.job.Claim;
import dev.ratchet.core.job.JobStatus;
import dev.ratchet.core.task.TaskStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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
    void postponeWhenNothingWasTriedDoesNotCount() {
        DeliveryId id = planned();
        DeliveryClaim claim = claimed();

        assertThat(deliveries.postpone(claim, "left \0 alone", NOW.plusSeconds(40)))
                .isTrue();

        Delivery delivery = find(id);
        assertThat(delivery.status()).isEqualTo(Delivery.Status.PENDING);
        assertThat(delivery.attempts()).isZero();
        assertThat(delivery.lastError()).contains("left \uFFFD alone");
        assertThat(deliveries.nextDue()).contains(NOW.plusSeconds(40));
        assertThat(deliveries.attempts(TENANT, id)).isEmpty();
        assertThat(deliveries.postpone(claim, "late", NOW)).isFalse();
    }

    @Test
    void postponeWhenTriedBeforeKeepsItsAttempts() {
        DeliveryId id = planned();
        DeliveryClaim first = claimed();
        deliveries.complete(first, result(first, false), Delivery.Status.RETRYING, Optional.of(NOW), NOW);

        deliveries.postpone(claimed(), "left alone", NOW.plusSeconds(40));

        assertThat(find(id).status()).isEqualTo(Delivery.Status.RETRYING);
        assertThat(find(id).attempts()).isEqualTo(1);
        assertThat(deliveries.attempts(TENANT, id)).hasSize(1);
    }

    /** Reads every destination as the same one and puts every fault down as an empty object. */
    private static final OutputDestinations READER = new OutputDestinations() {
        @Override
        public List<OutputDestination> read(String source, JsonText json) {
            return List.of(new OutputDestination.Filesystem(
                    null, DeliverOn.ALWAYS, "x", OutputFormat.JSON, null, Compression.NONE, 0644, true, true, false));
        }

        @Override
        public JsonText write(List<OutputDestination> destinations, boolean maskSecrets) {
            throw new UnsupportedOperationException();
        }

        @Override
        public JsonText fault(String type, String message, Optional<JsonText> details) {
            return JsonText.EMPTY_OBJECT;
        }
    };

    @Test
    void dispatcherWhenTheReceiverIsLeftAloneUsesNoAttemptsUp() throws InterruptedException {
        DeliveryId id = planned();
        CountDownLatch refusals = new CountDownLatch(5);
        long begun = System.nanoTime();
        dispatch(() -> NOW.plusNanos(System.nanoTime() - begun), () -> {
            refusals.countDown();
            return refusals.getCount() > 0
                    ? new DeliveryAttempt.Postponed("left alone", Duration.ofMillis(1), JsonText.EMPTY_OBJECT)
                    : new DeliveryAttempt.Delivered(1, JsonText.EMPTY_OBJECT);
        });

        assertThat(find(id).status()).isEqualTo(Delivery.Status.DELIVERED);
        assertThat(find(id).attempts()).isEqualTo(1);
        assertThat(deliveries.attempts(TENANT, id)).hasSize(1);
    }

    @Test
    void dispatcherWhenTheReceiverIsLeftAloneForADayGivesUp() throws InterruptedException {
        DeliveryId id = planned();

        dispatch(
                () -> NOW.plus(Duration.ofHours(25)),
                () -> new DeliveryAttempt.Postponed("left alone", Duration.ofMillis(1), JsonText.EMPTY_OBJECT));

        assertThat(find(id).status()).isEqualTo(Delivery.Status.FAILED);
        assertThat(find(id).lastError().orElseThrow()).contains("left alone", "24 hours");
    }

    @Test
    void dispatcherWhenBegunAnewTriesAsOftenAsTheFirstTime() throws InterruptedException {
        DeliveryId id = planned();
        Supplier<DeliveryAttempt> inVain = () -> new DeliveryAttempt.Retry("no answer", null, JsonText.EMPTY_OBJECT);
        dispatch(() -> NOW.plusSeconds(5), inVain);
        assertThat(find(id).attempts()).isEqualTo(2);
        deliveries.redeliver(TENANT, id, NOW.plusSeconds(5));

        dispatch(() -> NOW.plusSeconds(5), inVain);

        assertThat(find(id).status()).isEqualTo(Delivery.Status.FAILED);
        assertThat(deliveries.attempts(TENANT, id))
                .extracting(AttemptResult::number)
                .containsExactly(1, 2, 3, 4);
    }

    /** Until one delivery has ended. */
    private void dispatch(InstantSource clock, Supplier<DeliveryAttempt> attempts) throws InterruptedException {
        DeliveryChannel channel = new DeliveryChannel() {
            @Override
            public DeliveryAttempt deliver(DeliveryRequest request, Cancellation cancellation) {
                return attempts.get();
            }

            @Override
            public void close() {
                // Holds nothing.
            }
        };
        NodeId node = queue.newNode(NOW.plus(Duration.ofDays(2)));
        try (DeliveryDispatcher dispatcher = new DeliveryDispatcher(
                deliveries,
                queue.executions(),
                queue.database.get(TaskStore.class),
                (_, _) -> Optional.empty(),
                READER,
                channel,
                Signals.local(),
                new DeliveryDispatcher.Settings(
                        1, new DeliveryRetryPolicy(2, Duration.ZERO, Duration.ZERO, 1), "test", Duration.ofSeconds(5)),
                new Random(1),
                clock,
                node)) {
            CountDownLatch ended = new CountDownLatch(1);
            dispatcher.observe((_, status, _) -> {
                if (status != Delivery.Status.RETRYING) {
                    ended.countDown();
                }
            });
            dispatcher.start();

            assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
        }
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

        assertThat(deliveries.redeliver(TENANT, id, NOW.plusSeconds(7))).isTrue();

        assertThat(find(id).begunAt()).isEqualTo(NOW.plusSeconds(7));
        assertThat(find(id).status()).isEqualTo(Delivery.Status.PENDING);
        assertThat(find(id).completedAt()).isEmpty();
        DeliveryClaim second = deliveries
                .claim(queue.newNode(NOW.plusSeconds(100)), 10, NOW.plusSeconds(7))
                .getFirst();
        assertThat(second.delivery().attempts()).isEqualTo(2);
        assertThat(second.delivery().attemptsOfThisTry()).isEqualTo(1);
        deliveries.complete(second, result(second, true), Delivery.Status.DELIVERED, Optional.empty(), NOW);
        assertThat(deliveries.attempts(TENANT, id))
                .extracting(AttemptResult::success)
                .containsExactly(false, true);
    }
}

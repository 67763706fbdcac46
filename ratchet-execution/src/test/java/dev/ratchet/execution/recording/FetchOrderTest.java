package dev.ratchet.execution.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.core.common.Cancellation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FetchOrderTest {
    private static final Duration FOR_EVER = Duration.ofHours(1);

    @Test
    void awaitEarlierWhenLaterFetchesComeFirstLetsThemThroughInOrder() {
        FetchOrder order = new FetchOrder(FOR_EVER);
        List<Integer> through = new CopyOnWriteArrayList<>();

        CompletableFuture<?>[] fetches = new CompletableFuture<?>[20];
        for (int i = fetches.length; i > 0; i--) {
            int id = i;
            fetches[i - 1] = CompletableFuture.runAsync(
                    () -> {
                        order.awaitEarlier(id, new Cancellation());
                        through.add(id);
                        order.pass(id);
                    },
                    Thread::startVirtualThread);
        }
        CompletableFuture.allOf(fetches).join();

        assertThat(through).isSorted().hasSize(20);
    }

    @Test
    void awaitEarlierWhenCancelledReturnsAtOnce() {
        FetchOrder order = new FetchOrder(FOR_EVER);
        Cancellation cancellation = new Cancellation();

        CompletableFuture<Void> waiting =
                CompletableFuture.runAsync(() -> order.awaitEarlier(2, cancellation), Thread::startVirtualThread);
        cancellation.cancel();

        assertThat(waiting).succeedsWithin(Duration.ofSeconds(20));
    }
}

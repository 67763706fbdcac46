package dev.ratchet.storage;

import dev.ratchet.core.job.Claim;
import dev.ratchet.core.job.NewJob;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Prints how many jobs a second each database accepts, claims and completes. Nothing is asserted: the figures are for
 * people who change a statement.
 */
final class QueueRates {
    private static final int JOBS = 4_000;
    private static final int CLAIMED_AT_ONCE = 10;

    private QueueRates() {}

    public static void main(String[] arguments) throws InterruptedException {
        for (TestDatabase.Vendor vendor : TestDatabase.Vendor.values()) {
            // Once for the compiler.
            for (int threads : new int[] {64, 1, 8, 64}) {
                measure(vendor, threads);
            }
        }
    }

    private static void measure(TestDatabase.Vendor vendor, int threads) throws InterruptedException {
        QueueFixture queue = new QueueFixture(vendor);
        Queue<NewJob> made = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < JOBS; i++) {
            made.add(queue.draft().made());
        }
        double accepted = rate(threads, () -> {
            for (NewJob job = made.poll(); job != null; job = made.poll()) {
                queue.jobs().accept(job);
            }
        });
        Queue<Claim> claims = new ConcurrentLinkedQueue<>();
        // A server claims with one thread.
        double claimed = rate(1, () -> {
            List<Claim> some = new ArrayList<>();
            do {
                some = queue.jobs().claim(queue.node, CLAIMED_AT_ONCE, QueueFixture.NOW);
                claims.addAll(some);
            } while (!some.isEmpty());
        });
        AtomicInteger refused = new AtomicInteger();
        double completed = rate(threads, () -> {
            for (Claim claim = claims.poll(); claim != null; claim = claims.poll()) {
                if (!queue.jobs().complete(QueueFixture.succeeded(claim))) {
                    refused.incrementAndGet();
                }
            }
        });
        System.out.printf(
                "%-10s %2d threads: accept %6.0f/s, claim %6.0f/s (10 at once), complete %6.0f/s, refused %d%n",
                vendor, threads, accepted, claimed, completed, refused.get());
    }

    private static double rate(int threads, Runnable work) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(threads);
        long begin = System.nanoTime();
        for (int i = 0; i < threads; i++) {
            Thread.ofVirtual().start(() -> {
                try {
                    work.run();
                } finally {
                    done.countDown();
                }
            });
        }
        done.await();
        return JOBS * 1e9 / (System.nanoTime() - begin);
    }
}

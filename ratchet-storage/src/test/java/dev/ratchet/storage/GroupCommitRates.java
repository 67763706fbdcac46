package dev.ratchet.storage;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** Prints how many pieces of two inserts are committed in a second, by callers, and how long each waits. */
final class GroupCommitRates {
    private static final String DOCUMENT = "x".repeat(400);
    private static final AtomicLong ids = new AtomicLong();

    private GroupCommitRates() {}

    public static void main(String[] arguments) throws InterruptedException {
        int seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        for (TestDatabase.Vendor vendor : TestDatabase.Vendor.values()) {
            long start = System.nanoTime();
            try (TestDatabase database = TestDatabase.open(vendor)) {
                System.out.printf(Locale.ROOT, "%s opened in %d ms%n", vendor, (System.nanoTime() - start) / 1_000_000);
                GroupCommit groups = database.get(GroupCommit.class);
                groups.run(session -> session.update("create table a (id bigint not null primary key,"
                        + " status text not null, due bigint not null, body text not null)"));
                groups.run(session -> session.update("create index a_by_due on a (status, due)"));
                groups.run(session -> session.update(
                        "create table b (id bigint not null primary key, a bigint not null, body text not null)"));
                groups.run(session -> session.update("create index b_by_a on b (a)"));
                for (int callers : new int[] {1, 1, 8, 64, 256}) {
                    measure(vendor, groups, callers, seconds);
                }
            }
        }
    }

    private static void measure(TestDatabase.Vendor vendor, GroupCommit groups, int callers, int seconds)
            throws InterruptedException {
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        CountDownLatch done = new CountDownLatch(callers);
        long[][] times = new long[callers][];
        long start = System.nanoTime();
        for (int c = 0; c < callers; c++) {
            int caller = c;
            Thread.ofVirtual().start(() -> {
                long[] own = new long[1_024];
                int n = 0;
                for (long now = System.nanoTime(); now < end; n++) {
                    long id = ids.incrementAndGet();
                    groups.run(session -> {
                        session.update(
                                "insert into a (id, status, due, body) values (?, ?, ?, ?)",
                                id,
                                "QUEUED",
                                id,
                                DOCUMENT);
                        return session.update("insert into b (id, a, body) values (?, ?, ?)", id, id, DOCUMENT);
                    });
                    long after = System.nanoTime();
                    if (n == own.length) {
                        own = Arrays.copyOf(own, 2 * n);
                    }
                    own[n] = after - now;
                    now = after;
                }
                times[caller] = Arrays.copyOf(own, n);
                done.countDown();
            });
        }
        done.await();
        double elapsed = (System.nanoTime() - start) / 1e9;
        long[] all = Arrays.stream(times).flatMapToLong(Arrays::stream).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "%-10s %4d callers: %7.0f/s  p50 %6.2f ms  p99 %6.2f ms  max %6.1f ms%n",
                vendor,
                callers,
                all.length / elapsed,
                all[all.length / 2] / 1e6,
                all[(int) (all.length * 0.99)] / 1e6,
                all[all.length - 1] / 1e6);
    }
}

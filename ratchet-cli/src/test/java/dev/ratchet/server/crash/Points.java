package dev.ratchet.server.crash;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which fail-point comes next: each of them in a random order, those that were not reached some more times, and then any
 * at a random count.
 */
final class Points {
    private static final int TRIES = 4;

    /** Steps that a round takes many times, so that the first is not like the eighth. */
    private static final Set<String> OFTEN = Set.of(
            "DeliveryStore.claim",
            "JobStore.accept",
            "JobStore.appendLog",
            "JobStore.claim",
            "JobStore.complete",
            "JobStore.progress",
            "JobStore.promoteDue",
            "NodeStore.renew",
            "ScheduleStore.due",
            "Transactions.write");

    /** What has to be left behind by one kill for the next server to take a step. */
    private static final Map<String, FailPoint> BEFOREHAND = Map.of(
            "JobStore.takeOver", new FailPoint("JobStore.claim", true, 1),
            "DeliveryStore.release", new FailPoint("DeliveryStore.claim", true, 1));

    private final Map<String, String> unreachable = new LinkedHashMap<>();
    private final Map<String, Integer> tries = new LinkedHashMap<>();
    private final Set<String> reached = new TreeSet<>();
    private final Deque<FailPoint> open = new ArrayDeque<>();
    private final List<FailPoint> all = new ArrayList<>();
    private final Random random;
    private final int servers;

    Points(CrashDatabase.Kind database, int servers, Random random) {
        this.random = random;
        this.servers = servers;
        if (database == CrashDatabase.Kind.POSTGRESQL) {
            unreachable.put("NodeStore.endOtherLeases", "only a server that has its database alone does that");
        }
        for (String step : DurableSteps.all()) {
            if (!unreachable.containsKey(step)) {
                all.add(new FailPoint(step, false, 1));
                all.add(new FailPoint(step, true, 1));
            }
        }
        List<FailPoint> order = new ArrayList<>(all);
        Collections.shuffle(order, random);
        order.forEach(this::enqueue);
    }

    private void enqueue(FailPoint point) {
        FailPoint first = BEFOREHAND.get(point.step());
        if (first != null && point.after() && servers == 1) {
            open.add(first);
        }
        open.add(point);
    }

    /** The next one to be tried. */
    FailPoint next() {
        FailPoint next = open.isEmpty() ? all.get(random.nextInt(all.size())) : open.remove();
        boolean again = reached.contains(next.moment());
        int count = again && OFTEN.contains(next.step()) ? 1 + random.nextInt(8) : 1;
        return new FailPoint(next.step(), next.after(), count);
    }

    void reached(FailPoint point) {
        reached.add(point.moment());
    }

    /** It was tried, and the server went on. */
    void missed(FailPoint point) {
        if (!reached.contains(point.moment()) && tries.merge(point.moment(), 1, Integer::sum) < TRIES) {
            enqueue(point);
        }
    }

    /** What a campaign that ends now says of them. */
    List<String> report() {
        List<String> lines = new ArrayList<>();
        lines.add(reached.size() + " of " + all.size() + " fail-points were reached");
        List<String> missing = all.stream()
                .map(FailPoint::moment)
                .filter(moment -> !reached.contains(moment))
                .map(moment -> moment
                        + Optional.ofNullable(tries.get(moment))
                                .map(times -> " (tried " + times + " times)")
                                .orElse(" (not tried)"))
                .toList();
        if (!missing.isEmpty()) {
            lines.add("not reached: " + String.join(", ", missing));
        }
        unreachable.forEach((step, reason) -> lines.add("cannot be reached: " + step + ": " + reason));
        return lines;
    }
}

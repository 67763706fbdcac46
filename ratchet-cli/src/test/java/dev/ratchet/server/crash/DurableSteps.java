package dev.ratchet.server.crash;

import dev.ratchet.core.common.Transactions;
import dev.ratchet.core.delivery.DeliveryStore;
import dev.ratchet.core.execution.ExecutionStore;
import dev.ratchet.core.job.JobStore;
import dev.ratchet.core.job.NodeStore;
import dev.ratchet.core.job.RetentionStore;
import dev.ratchet.core.schedule.ScheduleStore;
import dev.ratchet.core.task.TaskStore;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The steps by which a server changes what is stored: the methods of core's ports to storage that write. Between two of
 * them nothing durable happens, so a kill before and after each one covers every state a crash can leave behind.
 */
final class DurableSteps {
    /** Methods that only look, by port; every other one writes. A new method belongs to one or the other. */
    private static final Map<Class<?>, Set<String>> READING = new LinkedHashMap<>();

    private static final Map<Class<?>, Set<String>> WRITING = new LinkedHashMap<>();

    static {
        port(
                JobStore.class,
                Set.of(
                        "accept",
                        "acceptWithin",
                        "appendLog",
                        "cancel",
                        "claim",
                        "complete",
                        "delete",
                        "deleteAttempt",
                        "pauseQueue",
                        "pauseTask",
                        "progress",
                        "promoteDue",
                        "reclaim",
                        "redrive",
                        "requestAnswered",
                        "requestIntended",
                        "takeOver",
                        "update"),
                Set.of(
                        "cancelRequests",
                        "find",
                        "held",
                        "input",
                        "isQueuePaused",
                        "list",
                        "nextDue",
                        "stats",
                        "waiting"));
        port(NodeStore.class, Set.of("endOtherLeases", "forgetDead", "leave", "register", "renew"), Set.of("nodes"));
        port(
                DeliveryStore.class,
                Set.of("claim", "complete", "postpone", "redeliver", "release"),
                Set.of("attempts", "find", "list", "nextDue", "ofExecution"));
        port(
                ScheduleStore.class,
                Set.of("create", "delete", "due", "lock", "replace"),
                Set.of("find", "findByName", "list", "nextFire", "stats", "unfinishedJobs"));
        port(
                TaskStore.class,
                Set.of("addActivation", "addVersion", "create", "delete", "replaceUnhashed", "update"),
                Set.of(
                        "activation",
                        "activations",
                        "content",
                        "find",
                        "findByName",
                        "findByPackageUuid",
                        "list",
                        "nameOf",
                        "stats",
                        "version",
                        "versionByHash",
                        "versionBySemver",
                        "versions"));
        port(
                RetentionStore.class,
                Set.of("removeEndedBefore", "removeExpiredKeys", "removeForgottenDocuments", "removeUpTo"),
                Set.of("bytesOfEnded", "newestBeyondBytes", "newestBeyondCount", "tasks", "tenants"));
        port(
                ExecutionStore.class,
                Set.of(),
                Set.of("find", "hasUnsettledRequest", "list", "log", "ofJob", "outline", "recording", "stats"));
        // What joins a transaction is durable when that is committed.
        port(Transactions.class, Set.of("write"), Set.of("read"));
    }

    private DurableSteps() {}

    private static void port(Class<?> port, Set<String> writing, Set<String> reading) {
        WRITING.put(port, writing);
        READING.put(port, reading);
    }

    static Set<Class<?>> ports() {
        return WRITING.keySet();
    }

    static boolean writes(Method method) {
        return WRITING.getOrDefault(method.getDeclaringClass(), Set.of()).contains(method.getName());
    }

    /**
     * Whether a writing method that returned {@code result} has changed anything, as far as that tells: loops call the like
     * of {@code JobStore.claim} all the time, and a kill after one that found nothing is a kill at any time.
     */
    static boolean wrote(Method method, @Nullable Object result) {
        if (method.getDeclaringClass() == Transactions.class) {
            return true;
        }
        return switch (result) {
            case null -> true;
            case Boolean changed -> changed;
            case Integer count -> count > 0;
            case Collection<?> found -> !found.isEmpty();
            case Optional<?> found -> found.isPresent();
            case RetentionStore.Sweep sweep -> sweep.removed() > 0;
            default -> true;
        };
    }

    /** Methods of a port that are said neither to write nor to read, and names that no method has. */
    static List<String> unclassified() {
        return ports().stream()
                .flatMap(port -> {
                    List<String> methods = Arrays.stream(port.getDeclaredMethods())
                            .filter(method -> !method.isSynthetic())
                            .map(Method::getName)
                            .distinct()
                            .toList();
                    List<String> named = Stream.concat(
                                    WRITING.getOrDefault(port, Set.of()).stream(),
                                    READING.getOrDefault(port, Set.of()).stream())
                            .toList();
                    return Stream.concat(
                                    methods.stream().filter(name -> !named.contains(name)),
                                    named.stream().filter(name -> !methods.contains(name)))
                            .map(name -> port.getSimpleName() + "." + name);
                })
                .sorted()
                .toList();
    }

    /** Every writing method as {@code JobStore.accept}, in order. */
    static List<String> all() {
        return WRITING.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream()
                        .sorted()
                        .map(name -> entry.getKey().getSimpleName() + "." + name))
                .toList();
    }
}

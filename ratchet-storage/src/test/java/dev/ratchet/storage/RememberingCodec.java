package dev.ratchet.storage;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.task.PackageCodec;
import dev.ratchet.core.task.TaskPackage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes a ticket for each package, and remembers which package it was for. */
final class RememberingCodec implements PackageCodec {
    private static final Map<String, TaskPackage> packages = new ConcurrentHashMap<>();

    private final AtomicInteger reads = new AtomicInteger();

    /** How many documents were read. */
    int reads() {
        return reads.get();
    }

    @Override
    public JsonText write(TaskPackage task) {
        String ticket = "{\"ticket\":" + packages.size() + "." + System.identityHashCode(task) + "}";
        packages.put(ticket, task);
        return new JsonText(ticket);
    }

    @Override
    public TaskPackage read(JsonText document) {
        reads.incrementAndGet();
        TaskPackage task = packages.get(document.value());
        if (task == null) {
            throw new IllegalArgumentException("not written here: " + document);
        }
        return task;
    }
}

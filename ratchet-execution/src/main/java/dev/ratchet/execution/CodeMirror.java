package dev.ratchet.execution;

import dev.ratchet.core.task.Compat;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.TaskCode;
import dev.ratchet.execution.protocol.Message.LoadCode;
import dev.ratchet.execution.protocol.Message.ToWorker;
import dev.ratchet.execution.protocol.Message.UnloadCode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What code one worker has, kept on the parent's side: the least recently used goes first when a bound is reached. Not
 * thread-safe.
 */
final class CodeMirror {
    /** Characters of source kept in one worker, so that many large packages do not eat up its baseline. */
    private static final long MAX_CHARACTERS = 4L * 1024 * 1024;

    private final int maxEntries;
    private final Map<ContentHash, Long> loaded = new LinkedHashMap<>(16, 0.75f, true);
    private long characters;

    CodeMirror(int maxEntries) {
        this.maxEntries = maxEntries;
    }

    /** The messages after which the worker has {@code code}; empty when it has it already. */
    List<ToWorker> require(ContentHash hash, TaskCode code) {
        if (loaded.get(hash) != null) {
            return List.of();
        }
        long size = code.files().values().stream().mapToLong(String::length).sum();
        List<ToWorker> messages = new ArrayList<>();
        Iterator<Map.Entry<ContentHash, Long>> eldest = loaded.entrySet().iterator();
        while (eldest.hasNext() && (loaded.size() >= maxEntries || characters + size > MAX_CHARACTERS)) {
            Map.Entry<ContentHash, Long> entry = eldest.next();
            characters -= entry.getValue();
            messages.add(new UnloadCode(entry.getKey().hex()));
            eldest.remove();
        }
        loaded.put(hash, size);
        characters += size;
        messages.add(new LoadCode(hash.hex(), code.entry(), code.compat() == Compat.RATCHET_0_4, code.files()));
        return messages;
    }
}

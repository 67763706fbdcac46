package dev.ratchet.execution.worker;

import java.util.Map;

/** What an engine must be set to for the prelude to work, and the bounds the prelude keeps. */
final class Prelude {

    /** The longest message a task can hand to {@link HostCalls#log} or {@link HostCalls#progress}. */
    static final int LOG_MESSAGE_CHARS = 65_536;

    /**
     * Options for {@code Engine.Builder}, with experimental options allowed. They apply to every context of the engine,
     * which costs nothing per context. The engine's own console, loader, printer and polyglot doors stay shut, the
     * locale and zone are fixed, and a task's thread cannot be parked by {@code Atomics.wait}.
     */
    static final Map<String, String> ENGINE_OPTIONS = Map.ofEntries(
            Map.entry("js.agent-can-block", "false"),
            Map.entry("js.console", "false"),
            Map.entry("js.esm-eval-returns-exports", "true"),
            Map.entry("js.global-arguments", "false"),
            Map.entry("js.graal-builtin", "false"),
            Map.entry("js.java-package-globals", "false"),
            Map.entry("js.load", "false"),
            Map.entry("js.locale", "en-US"),
            Map.entry("js.polyglot-builtin", "false"),
            Map.entry("js.print", "false"),
            Map.entry("js.text-encoding", "true"),
            // "UTC" would be taken for Greenwich Mean Time and say so in formatted dates.
            Map.entry("js.timezone", "Z"));

    private Prelude() {}
}

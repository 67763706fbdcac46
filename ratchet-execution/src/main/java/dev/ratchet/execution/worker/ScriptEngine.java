package dev.ratchet.execution.worker;

import dev.ratchet.execution.protocol.Message;

/**
 * The seam between the worker and the engine that runs JavaScript. {@code ScriptEngineContract} is the suite that any
 * implementation has to pass. Safe for several threads; every run stays on one.
 */
interface ScriptEngine extends AutoCloseable {
    /** Name and version, for people. */
    String description();

    /** Whether hot code is compiled to machine code; false means that it is interpreted for ever. */
    boolean compiles();

    /** Takes in code. Nothing is parsed yet: what is wrong with it shows when it is inspected or run. */
    Script load(Message.LoadCode code);

    /** Prepares one use of a script of this engine. */
    ScriptRun open(Script script, RunHost host);

    /** Does some of the next {@link #open}'s work ahead of time; for when the calling thread has nothing else to do. */
    void prepare();

    /** Ends every context. */
    @Override
    void close();
}

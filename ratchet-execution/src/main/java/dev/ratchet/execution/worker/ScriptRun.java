package dev.ratchet.execution.worker;

import dev.ratchet.execution.protocol.Message;
import java.util.List;

/**
 * One use of a script in a context of its own, which shares nothing a task can observe with any other. Either
 * {@link #execute} or {@link #inspect} is called, once.
 */
interface ScriptRun {
    /**
     * Runs the script's function to its end on the calling thread. Whatever the task does is an ending.
     *
     * @throws EngineFailure when the engine broke
     */
    RunEnd execute(Message.Execute request);

    /**
     * Evaluates the script up to its function without calling it.
     *
     * @param startTicks what its clock says, in ticks of 0.1 ms since 1970
     * @return nothing when there is a function to call
     * @throws EngineFailure when the engine broke
     */
    List<Message.Fault> inspect(long startTicks);

    /** Stops the run from another thread, whatever it is doing; returns when it has stopped. */
    void terminate();
}

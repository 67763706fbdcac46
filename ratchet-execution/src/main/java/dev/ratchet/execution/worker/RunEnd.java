package dev.ratchet.execution.worker;

import dev.ratchet.execution.protocol.Message;
import org.jspecify.annotations.Nullable;

/**
 * What is known when a run is over.
 *
 * @param ending how it ended
 * @param droppedLogBytes UTF-8 bytes of log text over the limit
 * @param trace what a replay needs; null unless asked for
 */
record RunEnd(Message.Ending ending, long droppedLogBytes, Message.@Nullable Trace trace) {}

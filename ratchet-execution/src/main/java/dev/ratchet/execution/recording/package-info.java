/** Recordings of runs: what a task saw, kept as files, run again without a network, and compared. */
@NullMarked
package dev.ratchet.execution.recording;

import org.jspecify.annotations.NullMarked;

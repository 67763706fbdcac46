/** Runs tasks in worker processes and owns their limits; the parent side of the process boundary. */
@NullMarked
package dev.ratchet.execution;

import org.jspecify.annotations.NullMarked;

/** Running a task once: request, outcome, limits on the way, and the ports a runner and its fetches stand behind. */
@NullMarked
package dev.ratchet.core.execution;

import org.jspecify.annotations.NullMarked;

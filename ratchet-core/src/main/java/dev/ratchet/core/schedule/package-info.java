/** Schedules: when a task is to run by itself, and the ticker that makes jobs of it exactly once. */
@NullMarked
package dev.ratchet.core.schedule;

import org.jspecify.annotations.NullMarked;

/** Schedules: when a task is to run by itself, which planned instants fire, and the ticker that makes jobs of them once. */
@NullMarked
package dev.ratchet.core.schedule;

import org.jspecify.annotations.NullMarked;

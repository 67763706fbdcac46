/** The domain of Ratchet: what a task, a run and their outcomes are, and the ports through which the rest is reached. */
@NullMarked
package dev.ratchet.core;

import org.jspecify.annotations.NullMarked;

/** Stores tasks and their versions. */
@NullMarked
package dev.ratchet.storage.task;

import org.jspecify.annotations.NullMarked;

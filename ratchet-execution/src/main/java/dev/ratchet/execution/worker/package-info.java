/** The worker process: runs one task's JavaScript at a time and asks its parent for everything else. */
@NullMarked
package dev.ratchet.execution.worker;

import org.jspecify.annotations.NullMarked;

/** What a task is: its package of code, schemas, limits and permissions, and the hash that names its content. */
@NullMarked
package dev.ratchet.core.task;

import org.jspecify.annotations.NullMarked;

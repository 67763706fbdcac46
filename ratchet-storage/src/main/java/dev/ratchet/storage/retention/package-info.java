/** Removes what is old. */
@NullMarked
package dev.ratchet.storage.retention;

import org.jspecify.annotations.NullMarked;

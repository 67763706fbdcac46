/** Names of stored things: UUIDs of version 7, one type for each kind of thing. */
@NullMarked
package dev.ratchet.core.id;

import org.jspecify.annotations.NullMarked;

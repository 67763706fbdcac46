/** Keeps the state of core in a database; the only module that knows SQL. */
@NullMarked
package dev.ratchet.storage;

import org.jspecify.annotations.NullMarked;

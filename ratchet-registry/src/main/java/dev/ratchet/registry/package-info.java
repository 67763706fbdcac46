/** Finds task packages, reads them and reports everything that is wrong with them at once. */
@NullMarked
package dev.ratchet.registry;

import org.jspecify.annotations.NullMarked;

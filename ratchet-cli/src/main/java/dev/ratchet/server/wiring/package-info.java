/** The beans: where the modules are put together. */
@NullMarked
package dev.ratchet.server.wiring;

import org.jspecify.annotations.NullMarked;

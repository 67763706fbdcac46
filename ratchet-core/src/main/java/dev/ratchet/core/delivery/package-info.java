/** Deliveries: where a result goes once it is there, and the dispatcher that brings it, attempt by attempt. */
@NullMarked
package dev.ratchet.core.delivery;

import org.jspecify.annotations.NullMarked;

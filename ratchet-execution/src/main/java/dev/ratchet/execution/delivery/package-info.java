/** Destinations as JSON, and the channels that take results to files, webhooks and standard streams. */
@NullMarked
package dev.ratchet.execution.delivery;

import org.jspecify.annotations.NullMarked;

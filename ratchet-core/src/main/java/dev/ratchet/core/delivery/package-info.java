/** Results on their way out: where they go, how often that is tried, and the port that takes them there. */
@NullMarked
package dev.ratchet.core.delivery;

import org.jspecify.annotations.NullMarked;

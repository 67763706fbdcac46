/** What to list: conditions, order and slice, the same for every resource and every edge. */
@NullMarked
package dev.ratchet.core.listing;

import org.jspecify.annotations.NullMarked;

/** Vocabulary every feature uses: errors, problems, JSON carried as text, identifiers, cancellation. */
@NullMarked
package dev.ratchet.core.common;

import org.jspecify.annotations.NullMarked;

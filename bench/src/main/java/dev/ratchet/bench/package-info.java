/** Benchmarks of the promises in the documentation, each with its target. */
@NullMarked
package dev.ratchet.bench;

import org.jspecify.annotations.NullMarked;

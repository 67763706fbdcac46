/** Tests of tasks: cases with mocked fetches and a virtual clock, run in parallel and reported. */
@NullMarked
package dev.ratchet.execution.testing;

import org.jspecify.annotations.NullMarked;

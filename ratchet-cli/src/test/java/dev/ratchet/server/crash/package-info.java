/** Kills servers in the middle of their work and checks that nothing that was accepted is lost or told wrongly. */
@NullMarked
package dev.ratchet.server.crash;

import org.jspecify.annotations.NullMarked;

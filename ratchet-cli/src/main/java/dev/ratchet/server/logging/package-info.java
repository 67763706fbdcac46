/** The log of the server: formats and targets. */
@NullMarked
package dev.ratchet.server.logging;

import org.jspecify.annotations.NullMarked;

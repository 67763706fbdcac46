/** The server process: what {@code ratchet serve} runs. */
@NullMarked
package dev.ratchet.server;

import org.jspecify.annotations.NullMarked;

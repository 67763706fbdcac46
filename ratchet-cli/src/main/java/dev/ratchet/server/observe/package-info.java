/** Health and figures of the server. */
@NullMarked
package dev.ratchet.server.observe;

import org.jspecify.annotations.NullMarked;

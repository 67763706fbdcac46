/** In which order the parts of the server start and stop, and what it holds while it runs. */
@NullMarked
package dev.ratchet.server.lifecycle;

import org.jspecify.annotations.NullMarked;

/** What a server process is told before it starts. */
@NullMarked
package dev.ratchet.server.settings;

import org.jspecify.annotations.NullMarked;

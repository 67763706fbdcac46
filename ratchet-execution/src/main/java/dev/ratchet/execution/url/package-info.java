/** The URL of the web platform, parsed the same way on both sides of the process boundary. */
@NullMarked
package dev.ratchet.execution.url;

import org.jspecify.annotations.NullMarked;

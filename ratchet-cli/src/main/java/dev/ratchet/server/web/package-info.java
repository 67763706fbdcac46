/** What holds for every request, and the routes that tell about the server itself. */
@NullMarked
package dev.ratchet.server.web;

import org.jspecify.annotations.NullMarked;

/** Translates Model Context Protocol calls into use cases of core. */
@NullMarked
package dev.ratchet.mcp;

import org.jspecify.annotations.NullMarked;

/** The gate all HTTP requests leave through: address rules, pinned connections, redirects, limits. */
@NullMarked
package dev.ratchet.execution.http;

import org.jspecify.annotations.NullMarked;

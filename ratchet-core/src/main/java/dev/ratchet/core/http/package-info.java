/** Outbound HTTP as a port: one gate with one set of address rules for everything that leaves. */
@NullMarked
package dev.ratchet.core.http;

import org.jspecify.annotations.NullMarked;

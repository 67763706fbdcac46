/** The published description of the interface, made of its routes, and the page that shows it. */
@NullMarked
package dev.ratchet.api.openapi;

import org.jspecify.annotations.NullMarked;

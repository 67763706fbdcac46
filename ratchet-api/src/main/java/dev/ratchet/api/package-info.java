/** Translates REST and GraphQL calls into use cases of core. */
@NullMarked
package dev.ratchet.api;

import org.jspecify.annotations.NullMarked;

/** JSON at the edge: what bodies must look like, what answers look like, both declared once. */
@NullMarked
package dev.ratchet.api.json;

import org.jspecify.annotations.NullMarked;

/** Secret values in memory: carried without being printable, masked wherever text leaves. */
@NullMarked
package dev.ratchet.core.secret;

import org.jspecify.annotations.NullMarked;

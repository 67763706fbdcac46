/** Whether the parts a server depends on are well, as each of them says itself. */
@NullMarked
package dev.ratchet.core.health;

import org.jspecify.annotations.NullMarked;

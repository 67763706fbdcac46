/** What parent and worker say to each other: sealed messages, their binary form, and the framed channel they travel on. */
@NullMarked
package dev.ratchet.execution.protocol;

import org.jspecify.annotations.NullMarked;

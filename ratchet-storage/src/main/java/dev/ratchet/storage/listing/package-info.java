/** Turns what is to be listed into SQL, the same for every resource and both kinds of database. */
@NullMarked
package dev.ratchet.storage.listing;

import org.jspecify.annotations.NullMarked;

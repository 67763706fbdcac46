/**
 * Keeps the state of core in a database; the only module that knows SQL.
 *
 * <p>Statements that name rows by their id ask for the tenant with {@code tenant_id || ''}, which no index serves. Many
 * indexes begin with the tenant, and neither database knows, as long as it has no figures of a table, that nearly all its
 * rows are of one: both then read all of those instead of looking up the few.
 */
@NullMarked
package dev.ratchet.storage;

import org.jspecify.annotations.NullMarked;

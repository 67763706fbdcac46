/** When schedules fire: cron expressions, intervals and single instants, their time zones, and what is done about fires missed. */
@NullMarked
package dev.ratchet.core.schedule;

import org.jspecify.annotations.NullMarked;

/** When schedules fire: cron expressions, intervals, single instants, time zones, and what is done about missed fires. */
@NullMarked
package dev.ratchet.core.schedule;

import org.jspecify.annotations.NullMarked;

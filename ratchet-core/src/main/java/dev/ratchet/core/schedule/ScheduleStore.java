package dev.ratchet.core.schedule;

import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.id.ScheduleId;
import dev.ratchet.core.listing.ListQuery;
import dev.ratchet.core.listing.Listing;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Port to stored schedules. Methods join the caller's transaction where there is one. */
public interface ScheduleStore {
    /**
     * Stores a new schedule.
     *
     * @throws dev.ratchet.core.common.RatchetException CONFLICT when its name is taken
     */
    void create(Schedule schedule);

    /** One schedule. */
    Optional<Schedule> find(TenantId tenant, ScheduleId id);

    /** The schedule of this name. */
    Optional<Schedule> findByName(TenantId tenant, String name);

    /** Schedules. */
    Listing<Schedule> list(TenantId tenant, ListQuery<ScheduleField> query);

    /**
     * The schedule as it is now, which nobody else changes until the caller's write transaction ends.
     *
     * @param waiting whether to wait for somebody who is changing it; otherwise it counts as absent meanwhile
     */
    Optional<Schedule> lock(TenantId tenant, ScheduleId id, boolean waiting);

    /**
     * Replaces everything of a schedule that the caller's transaction has {@linkplain #lock locked}.
     *
     * @throws dev.ratchet.core.common.RatchetException CONFLICT when its new name is taken
     */
    void replace(Schedule schedule);

    /** Removes a schedule; false when it was not there. What it has made stays. */
    boolean delete(TenantId tenant, ScheduleId id);

    /**
     * Enabled schedules of all tenants whose time to be taken up has come, longest overdue first. One whose stored plan
     * cannot be read is disabled with a reason, and left out.
     */
    List<Schedule> due(Instant now, int most);

    /** When the next schedule is to be taken up. */
    Optional<Instant> nextFire();

    /** Jobs of a schedule that have not ended, oldest first. */
    List<JobId> unfinishedJobs(TenantId tenant, ScheduleId id, int most);

    /** Numbers over the tenant's schedules. */
    Stats stats(TenantId tenant, Instant now);

    /**
     * Numbers over schedules.
     *
     * @param total all of them
     * @param enabled those that fire
     * @param readyToRun those whose time has come and that are not taken up yet
     */
    record Stats(long total, long enabled, long readyToRun) {
        /** Those that do not fire. */
        public long disabled() {
            return total - enabled;
        }
    }
}

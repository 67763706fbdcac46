package dev.ratchet.core.schedule;

import dev.ratchet.core.common.Caller;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.id.JobId;
import dev.ratchet.core.job.Jobs;
import java.util.List;
import java.util.Objects;

/** The unfinished jobs of a schedule, which make way for the next. */
final class PreviousJobs {
    private static final int MOST = 1_000;

    private final ScheduleStore store;
    private final Jobs jobs;

    PreviousJobs(ScheduleStore store, Jobs jobs) {
        this.store = Objects.requireNonNull(store, "store");
        this.jobs = Objects.requireNonNull(jobs, "jobs");
    }

    List<JobId> of(Schedule schedule) {
        return store.unfinishedJobs(schedule.tenant(), schedule.id(), MOST);
    }

    void cancel(Caller caller, List<JobId> unfinished, String reason) {
        for (JobId job : unfinished) {
            try {
                jobs.cancel(caller, job, reason);
            } catch (RatchetException e) {
                // It has ended meanwhile, which is all that was wanted.
                if (e.code() != ErrorCode.CONFLICT && e.code() != ErrorCode.NOT_FOUND) {
                    throw e;
                }
            }
        }
    }
}

package dev.ratchet.core.schedule;

import dev.ratchet.core.execution.RunOrigin;
import dev.ratchet.core.job.ConcurrencyLimit;
import dev.ratchet.core.job.JobRequest;
import java.time.Instant;
import java.util.Optional;

/** The jobs that schedules ask for. */
final class FireRequests {
    private FireRequests() {}

    /** The job of a planned instant. */
    static JobRequest planned(Schedule schedule, Instant planned) {
        Instant startsAt = schedule.definition().plan().jobTime(schedule.id(), planned);
        return request(schedule, Optional.of(planned), Optional.of(startsAt));
    }

    /** A job at somebody's wish. */
    static JobRequest triggered(Schedule schedule) {
        return request(schedule, Optional.empty(), Optional.empty());
    }

    private static JobRequest request(Schedule schedule, Optional<Instant> planned, Optional<Instant> scheduledFor) {
        ScheduleDefinition definition = schedule.definition();
        return new JobRequest(
                definition.task().toString(),
                Optional.empty(),
                definition.input(),
                RunOrigin.SCHEDULE,
                definition.priority(),
                scheduledFor,
                definition.maxRetries(),
                Optional.empty(),
                concurrency(schedule),
                Optional.empty(),
                definition.tags(),
                definition.destinations(),
                Optional.empty(),
                Optional.of(new JobRequest.Fire(schedule.id(), planned)),
                Optional.empty());
    }

    /** A job that was cancelled takes a moment to stop; the next one waits for it. */
    private static Optional<ConcurrencyLimit> concurrency(Schedule schedule) {
        return switch (schedule.definition().plan().overlap()) {
            case ALLOW, SKIP -> Optional.empty();
            case QUEUE, CANCEL_PREVIOUS -> Optional.of(new ConcurrencyLimit("schedule:" + schedule.id(), 1));
        };
    }
}

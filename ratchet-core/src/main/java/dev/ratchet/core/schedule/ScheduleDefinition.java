package dev.ratchet.core.schedule;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.common.Problem;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.job.JobPriority;
import dev.ratchet.core.job.JobRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the author of a schedule decides: which task runs when, with what, and what becomes of the result. Made with
 * {@link #of} and the {@code with} methods.
 *
 * @param task what runs; always its active version
 * @param name unique among the tenant's schedules, 1 to {@link #MAX_NAME} characters
 * @param description may be empty
 * @param input what each job is given, at most {@link #MAX_INPUT_BYTES}
 * @param plan when
 * @param priority of each job
 * @param maxRetries of each job, 0 to {@link JobRequest#MAX_RETRIES}; empty for what the task's retry policy says
 * @param tags of each job
 * @param destinations where results go, in the stored form and checked by whoever read them; empty for nowhere
 * @param pauseAfterFailures after how many failures in a row it is disabled, 1 to {@link #MAX_FAILURES}; empty for never
 */
public record ScheduleDefinition(
        TaskId task,
        String name,
        String description,
        JsonText input,
        SchedulePlan plan,
        JobPriority priority,
        Optional<Integer> maxRetries,
        List<String> tags,
        Optional<JsonText> destinations,
        Optional<Integer> pauseAfterFailures) {
    /** Longest name, in characters. */
    public static final int MAX_NAME = 100;

    /** Longest description, in characters. */
    public static final int MAX_DESCRIPTION = 10_000;

    /** Largest input in UTF-8 bytes; it is kept with the schedule and copied into each job. */
    public static final int MAX_INPUT_BYTES = 256 * 1024;

    /** Largest destinations in UTF-8 bytes. */
    public static final int MAX_DESTINATIONS_BYTES = 64 * 1024;

    /** Largest {@code pauseAfterFailures}. */
    public static final int MAX_FAILURES = 1_000;

    private static final int MAX_TAG = 100;

    public ScheduleDefinition {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(plan, "plan");
        Objects.requireNonNull(priority, "priority");
        tags = List.copyOf(tags);
    }

    /** A definition with every default: empty input, normal priority, results kept and sent nowhere. */
    public static ScheduleDefinition of(TaskId task, String name, SchedulePlan plan) {
        return new ScheduleDefinition(
                task,
                name,
                "",
                JsonText.EMPTY_OBJECT,
                plan,
                JobPriority.NORMAL,
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    /** The same for another task. */
    public ScheduleDefinition withTask(TaskId newTask) {
        return new ScheduleDefinition(
                newTask, name, description, input, plan, priority, maxRetries, tags, destinations, pauseAfterFailures);
    }

    /** The same under another name. */
    public ScheduleDefinition withName(String newName) {
        return new ScheduleDefinition(
                task, newName, description, input, plan, priority, maxRetries, tags, destinations, pauseAfterFailures);
    }

    /** The same with another description. */
    public ScheduleDefinition withDescription(String newDescription) {
        return new ScheduleDefinition(
                task, name, newDescription, input, plan, priority, maxRetries, tags, destinations, pauseAfterFailures);
    }

    /** The same with another input. */
    public ScheduleDefinition withInput(JsonText newInput) {
        return new ScheduleDefinition(
                task, name, description, newInput, plan, priority, maxRetries, tags, destinations, pauseAfterFailures);
    }

    /** The same at other times. */
    public ScheduleDefinition withPlan(SchedulePlan newPlan) {
        return new ScheduleDefinition(
                task, name, description, input, newPlan, priority, maxRetries, tags, destinations, pauseAfterFailures);
    }

    /** The same with jobs of another priority. */
    public ScheduleDefinition withPriority(JobPriority newPriority) {
        return new ScheduleDefinition(
                task, name, description, input, plan, newPriority, maxRetries, tags, destinations, pauseAfterFailures);
    }

    /** The same with another number of retries. */
    public ScheduleDefinition withMaxRetries(Optional<Integer> newMaxRetries) {
        return new ScheduleDefinition(
                task, name, description, input, plan, priority, newMaxRetries, tags, destinations, pauseAfterFailures);
    }

    /** The same with other labels. */
    public ScheduleDefinition withTags(List<String> newTags) {
        return new ScheduleDefinition(
                task, name, description, input, plan, priority, maxRetries, newTags, destinations, pauseAfterFailures);
    }

    /** The same with results going elsewhere. */
    public ScheduleDefinition withDestinations(Optional<JsonText> newDestinations) {
        return new ScheduleDefinition(
                task, name, description, input, plan, priority, maxRetries, tags, newDestinations, pauseAfterFailures);
    }

    /** The same with another patience. */
    public ScheduleDefinition withPauseAfterFailures(Optional<Integer> newPauseAfterFailures) {
        return new ScheduleDefinition(
                task, name, description, input, plan, priority, maxRetries, tags, destinations, newPauseAfterFailures);
    }

    /**
     * Refuses a definition with anything out of bounds; the task and what it says of the input are not looked at.
     *
     * @throws RatchetException VALIDATION_ERROR with every problem
     */
    void check() {
        List<Problem> problems = new ArrayList<>();
        if (name.isBlank()
                || name.length() > MAX_NAME
                || !name.equals(name.strip())
                || name.chars().anyMatch(Character::isISOControl)) {
            problems.add(Problem.of(
                    "name",
                    "accepted: 1 to " + MAX_NAME + " characters without control characters or spaces at its ends"));
        }
        if (description.length() > MAX_DESCRIPTION || description.indexOf('\0') >= 0) {
            problems.add(Problem.of(
                    "description", "accepted: at most " + MAX_DESCRIPTION + " characters, none of them NUL"));
        }
        if (input.sizeInBytes() > MAX_INPUT_BYTES) {
            problems.add(
                    Problem.of("input", "has " + input.sizeInBytes() + " bytes; accepted: at most " + MAX_INPUT_BYTES));
        }
        maxRetries
                .filter(retries -> retries < 0 || retries > JobRequest.MAX_RETRIES)
                .ifPresent(retries -> problems.add(Problem.of(
                        "maxRetries", retries + " is out of range; accepted: 0 to " + JobRequest.MAX_RETRIES)));
        if (tags.size() > JobRequest.MAX_TAGS
                || tags.stream()
                        .anyMatch(tag -> tag.isBlank()
                                || tag.length() > MAX_TAG
                                || tag.chars().anyMatch(Character::isISOControl))) {
            problems.add(Problem.of(
                    "tags",
                    "accepted: at most " + JobRequest.MAX_TAGS + " labels of 1 to " + MAX_TAG
                            + " characters, none of them a control character"));
        }
        destinations
                .filter(json -> json.sizeInBytes() > MAX_DESTINATIONS_BYTES)
                .ifPresent(json -> problems.add(Problem.of(
                        "outputDestinations",
                        "have " + json.sizeInBytes() + " bytes; accepted: at most " + MAX_DESTINATIONS_BYTES)));
        pauseAfterFailures
                .filter(failures -> failures < 1 || failures > MAX_FAILURES)
                .ifPresent(failures -> problems.add(Problem.of(
                        "pauseAfterFailures", failures + " is out of range; accepted: 1 to " + MAX_FAILURES)));
        if (!problems.isEmpty()) {
            throw new RatchetException(ErrorCode.VALIDATION_ERROR, "the schedule cannot be used", problems);
        }
    }
}

package dev.ratchet.api.rest;

import dev.ratchet.api.web.Answer;
import dev.ratchet.core.job.Submission;
import java.util.Map;

/** Answers that several resources give alike. */
final class Replays {
    /** Done, and nothing to show. */
    static final Answer NO_CONTENT = new Answer.Empty(204, Map.of());

    private Replays() {}

    /** Says of an answer to a repeated request that it is one. */
    static Answer marked(Answer answer, Submission submission) {
        return submission.repeated() ? answer.with("Idempotent-Replay", "true") : answer;
    }
}

package dev.ratchet.core.execution;

import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.http.FetchHandler;
import dev.ratchet.core.http.FetchJournal;
import dev.ratchet.core.secret.Secrets;
import dev.ratchet.core.task.ContentHash;
import dev.ratchet.core.task.TaskCode;
import dev.ratchet.core.task.TaskLimits;
import java.util.Objects;

/**
 * Everything one run needs; input and limits are final here.
 *
 * @param context identity of the run
 * @param hash names {@code code}, so that a worker that has it is not sent it again
 * @param code what runs
 * @param input a value that satisfies the input schema
 * @param limits what the run may use
 * @param secrets values the task reads
 * @param determinism seed and clock
 * @param trace whether clock readings and settlements are to be returned
 * @param fetches who answers the task's requests
 * @param journal who is told of unsafe requests before they leave and of every answer before the task sees it
 * @param listener who hears logs and progress
 */
public record ExecutionRequest(
        ExecutionContext context,
        ContentHash hash,
        TaskCode code,
        JsonText input,
        TaskLimits limits,
        Secrets secrets,
        Determinism determinism,
        boolean trace,
        FetchHandler fetches,
        FetchJournal journal,
        ExecutionListener listener) {
    public ExecutionRequest {
        Objects.requireNonNull(context, "context");
        Objects.requireNonNull(hash, "hash");
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(input, "input");
        Objects.requireNonNull(limits, "limits");
        Objects.requireNonNull(secrets, "secrets");
        Objects.requireNonNull(determinism, "determinism");
        Objects.requireNonNull(fetches, "fetches");
        Objects.requireNonNull(journal, "journal");
        Objects.requireNonNull(listener, "listener");
    }

    /** The same run, told to another journal. */
    public ExecutionRequest withJournal(FetchJournal newJournal) {
        return new ExecutionRequest(
                context, hash, code, input, limits, secrets, determinism, trace, fetches, newJournal, listener);
    }
}

package dev.ratchet.core.execution;

import dev.ratchet.core.common.TenantId;
import dev.ratchet.core.http.FetchHandler;
import dev.ratchet.core.id.TaskId;
import dev.ratchet.core.secret.Secrets;
import dev.ratchet.core.task.TaskLimits;
import dev.ratchet.core.task.TaskPackage;

/** Port to what a run is given beside its code and input. */
public interface RunResources {
    /**
     * Who answers the requests of a run of this task.
     *
     * @param secrets what the run knows, so that nothing of it is kept in a cache
     */
    FetchHandler fetches(TenantId tenant, TaskId task, TaskPackage content, TaskLimits limits, Secrets secrets);

    /**
     * Values of the secrets the package names.
     *
     * @throws dev.ratchet.core.common.RatchetException VALIDATION_ERROR naming those there are none for
     */
    Secrets secrets(TenantId tenant, TaskPackage content);
}

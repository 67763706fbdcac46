package dev.ratchet.api;

import dev.ratchet.core.common.Caller;
import jakarta.servlet.http.HttpServletRequest;

/** Port to whoever knows on whose behalf a request comes. */
@FunctionalInterface
public interface CallerSource {
    /** The caller behind a request that is let through. */
    Caller callerOf(HttpServletRequest request);
}

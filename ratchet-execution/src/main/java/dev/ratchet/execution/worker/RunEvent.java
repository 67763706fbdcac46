package dev.ratchet.execution.worker;

/** What reaches a run from outside. */
sealed interface RunEvent {
    /**
     * A fetch has its answer.
     *
     * @param fetchId the fetch
     * @param answer how it ended
     * @param delayMillis how long it took, for a clock that does not follow real time
     */
    record Answered(int fetchId, FetchAnswer answer, long delayMillis) implements RunEvent {}

    /**
     * The run is to end.
     *
     * @param name name of the {@code DOMException} the task sees
     * @param message why
     */
    record AbortRequested(String name, String message) implements RunEvent {}
}

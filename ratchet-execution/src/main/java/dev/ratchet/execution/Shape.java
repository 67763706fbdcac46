package dev.ratchet.execution;

/**
 * What distinguishes workers from each other: a run needs one of exactly its shape.
 *
 * @param profile {@link WorkerProfile#QUICK} or {@link WorkerProfile#JIT}
 * @param memoryBytes memory limit of the runs it is for
 */
record Shape(WorkerProfile profile, long memoryBytes) {}

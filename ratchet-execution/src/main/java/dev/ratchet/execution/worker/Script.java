package dev.ratchet.execution.worker;

/** Code an engine has taken in, ready to be run any number of times. Made by the engine that runs it. */
interface Script {}

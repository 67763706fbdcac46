package dev.ratchet.execution.worker;

import org.graalvm.polyglot.Value;

/**
 * Everything the JavaScript prelude asks of its surroundings. Nothing a task can observe comes from elsewhere, so
 * whoever implements this decides clock, randomness and network completely.
 *
 * <p>All methods are called on the thread that runs the task and must not run guest code. A runtime exception thrown
 * here reaches the task as an ordinary {@code Error} with the exception's message; a limit is better enforced by ending
 * the context.
 */
interface HostCalls {

    /**
     * Starts a request and returns at once.
     *
     * @return an id not used before in this execution, at most 2<sup>53</sup>; its answer goes to
     *     {@link GuestRealm#settleFetch} in a later turn of the event loop
     */
    long fetchStart(FetchInit init);

    /** Says that the answer of a started fetch is no longer wanted; an unknown or settled id is ignored. */
    void fetchAbort(long id);

    /** Makes a request and waits for its answer; only called in {@link Compatibility#RATCHET_0_4}. */
    FetchAnswer fetchBlocking(FetchInit init);

    /**
     * Starts a timer that goes off through {@link GuestRealm#fireTimer}.
     *
     * @param delayMillis 0 to 2<sup>31</sup>-1
     * @param repeat whether it goes off again and again until cleared
     * @return an id not used before in this execution, positive and at most 2<sup>53</sup>
     */
    long timerStart(double delayMillis, boolean repeat);

    /** Stops a timer; an unknown or finished id is ignored. */
    void timerClear(long id);

    /** The time of day in milliseconds since 1970 UTC; fractions are kept for {@code performance} and cut for dates. */
    double now();

    /** Milliseconds since the execution began, never going backwards. */
    double performanceNow();

    /** The time of day at which {@link #performanceNow} was 0, in milliseconds since 1970 UTC. */
    double timeOrigin();

    /** A number from 0 (inclusive) to 1 (exclusive), for {@code Math.random}. */
    double random();

    /** Fills the array, for {@code crypto.getRandomValues}, identifiers, keys and multipart boundaries. */
    void randomBytes(byte[] target);

    /**
     * Takes a line of {@code console} or {@code context.log}.
     *
     * @param level {@code debug}, {@code info}, {@code warn} or {@code error}
     * @param message formatted text, at most {@link Prelude#LOG_MESSAGE_CHARS} characters, possibly several lines
     */
    void log(String level, String message);

    /**
     * Takes a report of {@code context.progress}.
     *
     * @param fraction 0 to 1
     * @param message empty if the task gave none; at most {@link Prelude#LOG_MESSAGE_CHARS} characters
     */
    void progress(double fraction, String message);

    /**
     * Takes what an event listener, a {@code queueMicrotask} callback or {@code reportError} threw with nobody to catch
     * it. The value is the guest's own and only good on this thread while the context is open.
     */
    void uncaught(Value thrown);
}

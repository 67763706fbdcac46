package dev.ratchet.api.web;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The memory that large bodies and answers under way may take together. Each of them is whole in memory, an answer for as
 * long as its reader takes, so that a hundred slow readers of a large result would otherwise end the server. Small ones
 * need no room here, and go on when there is none. Thread-safe.
 */
public final class MemoryBudget {
    /** Up to here a document is small. */
    static final int SMALL = 64 * 1024;

    /** What a document takes while it is read or made: its bytes, its text, and copies while either grows. */
    private static final int COPIES = 4;

    private static final int UNIT = 1024;

    private final int units;
    private final Duration patience;
    private final Semaphore free;

    /** Room that is taken until it is closed. Not for several threads. */
    public final class Hold implements AutoCloseable {
        private int held;

        private Hold() {}

        /**
         * Takes room for a document that is about to be read or made, in place of what was held before; waits a while if
         * there is none.
         *
         * @throws RatchetException RATE_LIMITED when there is none for long
         */
        public void take(long bytes) throws InterruptedException {
            close();
            if (bytes <= SMALL) {
                return;
            }
            int wanted = (int) Math.min(units, Math.ceilDiv(bytes, UNIT) * COPIES);
            if (!free.tryAcquire(wanted, patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new RatchetException(
                        ErrorCode.RATE_LIMITED,
                        "large bodies and answers under way leave no memory for one of " + bytes
                                + " bytes; try again later");
            }
            held = wanted;
        }

        /** The document turned out to be smaller than the room that was taken for it. */
        void shrink(long bytes) {
            int wanted = bytes <= SMALL ? 0 : (int) Math.min(units, Math.ceilDiv(bytes, UNIT) * COPIES);
            if (wanted < held) {
                free.release(held - wanted);
                held = wanted;
            }
        }

        /**
         * The document is there and nothing else of it is needed. Where no room was taken for it, because its size was not
         * known, room is taken now, without waiting.
         *
         * @param must whether it has to be sent in any case, as the answer to what has been done already
         * @throws RatchetException RATE_LIMITED when there is none
         */
        void made(long bytes, boolean must) {
            int wanted = bytes <= SMALL ? 0 : (int) Math.min(units, Math.ceilDiv(bytes, UNIT));
            if (wanted > held && !free.tryAcquire(wanted - held)) {
                if (must) {
                    return;
                }
                throw new RatchetException(
                        ErrorCode.RATE_LIMITED,
                        "large answers under way leave no memory for one of " + bytes + " bytes; try again later");
            }
            free.release(Math.max(0, held - wanted));
            held = wanted;
        }

        /** Gives the room back; again is the same as once. */
        @Override
        public void close() {
            free.release(held);
            held = 0;
        }
    }

    /**
     * @param bytes of memory, from 1 MiB on
     * @param patience how long to wait for room
     */
    public MemoryBudget(long bytes, Duration patience) {
        this.units = Math.clamp(bytes / UNIT, 1024, Integer.MAX_VALUE);
        this.patience = patience;
        this.free = new Semaphore(units, true);
    }

    /** A share of the memory of this process, for a server. */
    public static MemoryBudget ofProcess() {
        return new MemoryBudget(Runtime.getRuntime().maxMemory() / 3, Duration.ofSeconds(10));
    }

    Hold hold() {
        return new Hold();
    }
}

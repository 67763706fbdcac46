package dev.ratchet.execution.worker;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** Processor time of the calling thread. */
final class ThreadCpu {
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    /** Nanoseconds since the thread began, 0 where the system does not tell. */
    long nanos() {
        return threads.isCurrentThreadCpuTimeSupported() ? Math.max(0, threads.getCurrentThreadCpuTime()) : 0;
    }
}

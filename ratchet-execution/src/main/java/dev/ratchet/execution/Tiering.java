package dev.ratchet.execution;

import dev.ratchet.core.task.ContentHash;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which profile the runs of a package get when it is left open. The optimising compiler costs light code more than it
 * gives: it takes seconds of processor time to compile what a run of a millisecond touches, and takes them from everything
 * else. So code that is known to use little processor time is interpreted, code that computes is compiled, as tiers of
 * one engine would be, only across processes. What is not known yet takes a compiling worker if one is idle. Every method
 * needs the roster's lock.
 */
final class Tiering {
    /** Processor time of an interpreted run from which on its code counts as computing. */
    static final long HEAVY_NANOS = Duration.ofMillis(100).toNanos();

    /** Processor time of a compiled run up to which it would do in the interpreter, which is up to 25 times as slow. */
    static final long LIGHT_NANOS = Duration.ofMillis(10).toNanos();

    /** Light runs in a row after which computing code is interpreted again; doubled every time that was a mistake. */
    static final int LIGHT_RUNS = 8;

    private static final int MOST_LIGHT_RUNS = 1024;

    /** Packages remembered, the ones used last; a package forgotten is found out anew. */
    private static final int MOST_PACKAGES = 10_000;

    private static final List<WorkerProfile> LIGHT = List.of(WorkerProfile.QUICK);
    private static final List<WorkerProfile> HEAVY = List.of(WorkerProfile.JIT);
    private static final List<WorkerProfile> UNKNOWN = List.of(WorkerProfile.JIT, WorkerProfile.QUICK);

    private static final class Findings {
        boolean heavy;
        int lightRuns;
        int lightRunsNeeded = LIGHT_RUNS;
    }

    private final Map<ContentHash, Findings> packages = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ContentHash, Findings> eldest) {
            return size() > MOST_PACKAGES;
        }
    };

    /** Profiles in which the code may run; the first that has an idle worker is taken, the last is waited for. */
    List<WorkerProfile> profiles(ContentHash hash) {
        Findings findings = packages.get(hash);
        if (findings == null) {
            return UNKNOWN;
        }
        return findings.heavy ? HEAVY : LIGHT;
    }

    /** A run of the code has ended, however it did. */
    void ran(ContentHash hash, WorkerProfile profile, long cpuNanos) {
        Findings findings = packages.get(hash);
        if (findings == null) {
            findings = new Findings();
            // The first run is interpreted in either profile, as nothing of the code is compiled yet.
            findings.heavy = cpuNanos > HEAVY_NANOS;
            packages.put(hash, findings);
        } else if (!findings.heavy) {
            findings.heavy = cpuNanos > HEAVY_NANOS;
            findings.lightRuns = 0;
        } else if (profile == WorkerProfile.JIT) {
            findings.lightRuns = cpuNanos > LIGHT_NANOS ? 0 : findings.lightRuns + 1;
            if (findings.lightRuns >= findings.lightRunsNeeded) {
                findings.heavy = false;
                findings.lightRunsNeeded = Math.min(MOST_LIGHT_RUNS, findings.lightRunsNeeded * 2);
            }
        }
    }
}

package dev.ratchet.execution.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Timers and microtasks. */
class PreludeTimersTest {

    @Test
    void timersWhenDueRunInOrderWithArguments() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const seen = [];
                    setTimeout((a, b) => seen.push(a + b), 20, 'x', 'y');
                    setTimeout(() => seen.push('first'), 10);
                    const off = setTimeout(() => seen.push('never'), 15); clearTimeout(off);
                    await new Promise((r) => setTimeout(r, 30));
                    return seen;
                    """)).isEqualTo("[\"first\",\"xy\"]");
        }
    }

    @Test
    void intervalWhenClearedStops() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    let n = 0;
                    await new Promise((r) => { const id = setInterval(() => { if (++n === 3) { clearInterval(id); r(); } }, 5); });
                    await new Promise((r) => setTimeout(r, 100));
                    return n;
                    """)).isEqualTo("3");
        }
    }

    @Test
    void microtaskWhenQueuedRunsBeforeTimers() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const seen = [];
                    setTimeout(() => seen.push('timer'), 0);
                    queueMicrotask(() => seen.push('micro'));
                    seen.push('sync');
                    await new Promise((r) => setTimeout(r, 1));
                    return seen;
                    """)).isEqualTo("[\"sync\",\"micro\",\"timer\"]");
        }
    }

    @Test
    void microtaskWhenItThrowsIsReported() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    queueMicrotask(() => { throw new RangeError('m'); }); reportError('plain');
                    await 0; await 0;
                    return 1;
                    """)).isEqualTo("1");
            assertThat(guest.uncaught).containsExactlyInAnyOrder("RangeError: m", "plain");
        }
    }

    @Test
    void timerWhenDelayIsOddTakesNoTime() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    await new Promise((r) => setTimeout(r, -5)); await new Promise((r) => setTimeout(r, 'x')); await new Promise((r) => setTimeout(r));
                    return performance.now();
                    """)).isEqualTo("0");
        }
    }

    @Test
    void timerWhenCallbackIsNoFunctionRefuses() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    try { setTimeout('alert(1)', 5); } catch (e) { return e.message; }
                    """)).isEqualTo("setTimeout: the first argument must be a function");
        }
    }

    @Test
    void timerWhenCallbackThrowsReachesTheEventLoop() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    setTimeout(() => { throw new Error('late'); }, 1);
                    await new Promise((r) => setTimeout(r, 2));
                    return 1;
                    """)).isEqualTo("1");
            assertThat(guest.uncaught).containsExactly("Error: late");
        }
    }
}

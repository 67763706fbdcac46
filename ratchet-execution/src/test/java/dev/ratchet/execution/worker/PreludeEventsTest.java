package dev.ratchet.execution.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Events, abort signals. */
class PreludeEventsTest {

    @Test
    void eventTargetWhenDispatchedCallsListenersInOrderOnceAndStops() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const seen = [];
                    const t = new EventTarget();
                    t.addEventListener('x', (e) => seen.push('a' + e.type + (e.target === t) + (e.currentTarget === t) + e.eventPhase));
                    t.addEventListener('x', { handleEvent: () => seen.push('b') }, { once: true });
                    const c = (e) => { seen.push('c'); e.stopImmediatePropagation(); };
                    t.addEventListener('x', c); t.addEventListener('x', c);
                    t.addEventListener('x', () => seen.push('never'));
                    t.dispatchEvent(new Event('x')); t.dispatchEvent(new Event('x'));
                    t.removeEventListener('x', c);
                    return seen;
                    """)).isEqualTo("[\"axtruetrue2\",\"b\",\"c\",\"axtruetrue2\",\"c\"]");
        }
    }

    @Test
    void eventWhenCancelableCanBePrevented() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const t = new EventTarget();
                    t.addEventListener('x', (e) => e.preventDefault());
                    return [t.dispatchEvent(new Event('x')), t.dispatchEvent(new Event('x', { cancelable: true })), new CustomEvent('q', { detail: 5 }).detail, new CustomEvent('q').detail];
                    """)).isEqualTo("[true,false,5,null]");
        }
    }

    @Test
    void listenerWhenItThrowsIsReportedAndOthersRun() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    let ran = false;
                    const t = new EventTarget();
                    t.addEventListener('x', () => { throw new Error('mine'); });
                    t.addEventListener('x', () => { ran = true; });
                    t.dispatchEvent(new Event('x'));
                    return ran;
                    """)).isEqualTo("true");
            assertThat(guest.uncaught).containsExactly("Error: mine");
        }
    }

    @Test
    void eventTargetWhenExtendedWorks() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    class Bus extends EventTarget { go() { this.dispatchEvent(new Event('go')); } }
                    const bus = new Bus(); let n = 0;
                    bus.addEventListener('go', () => n++); bus.go();
                    return n;
                    """)).isEqualTo("1");
        }
    }

    @Test
    void listenerWhenItsSignalAbortsIsRemoved() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const c = new AbortController(); const t = new EventTarget(); let n = 0;
                    t.addEventListener('x', () => n++, { signal: c.signal });
                    t.dispatchEvent(new Event('x')); c.abort(); t.dispatchEvent(new Event('x'));
                    return n;
                    """)).isEqualTo("1");
        }
    }

    @Test
    void signalWhenAbortedFiresOnceWithReason() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const c = new AbortController(); const seen = [];
                    c.signal.onabort = (e) => seen.push('on ' + e.type + e.isTrusted);
                    c.signal.addEventListener('abort', () => seen.push('listener'));
                    c.abort(); c.abort('again');
                    let thrown; try { c.signal.throwIfAborted(); } catch (e) { thrown = e === c.signal.reason; }
                    return [seen, c.signal.aborted, c.signal.reason.name, thrown, AbortSignal.abort('r').reason];
                    """)).isEqualTo("[[\"on aborttrue\",\"listener\"],true,\"AbortError\",true,\"r\"]");
        }
    }

    @Test
    void anyWhenOneFiresFollowsIt() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const a = new AbortController(); const b = new AbortController();
                    const any = AbortSignal.any([a.signal, b.signal]);
                    const before = any.aborted; b.abort('why');
                    return [before, any.aborted, any.reason, AbortSignal.any([b.signal]).aborted, AbortSignal.any([]).aborted];
                    """)).isEqualTo("[false,true,\"why\",true,false]");
        }
    }

    @Test
    void timeoutWhenTimePassesFires() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const s = AbortSignal.timeout(50);
                    await new Promise((r) => s.addEventListener('abort', r));
                    return [s.reason.name, performance.now()];
                    """)).isEqualTo("[\"TimeoutError\",50]");
        }
    }

    @Test
    void constructorsWhenCalledByTaskRefuse() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    try { new AbortSignal(); } catch (e) { return e.name; }
                    """)).isEqualTo("TypeError");
        }
    }
}

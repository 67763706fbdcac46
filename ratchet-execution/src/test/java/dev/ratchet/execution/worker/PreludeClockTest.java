package dev.ratchet.execution.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The host's clock and randomness are the only ones. */
class PreludeClockTest {

    @Test
    void dateWhenReadIsTheHostsClock() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    return [Date.now(), new Date().toISOString(), Date(), typeof Date(), new Date(0).getTime(), new Date(2020, 0, 2).toISOString(),
                    new Date('2020-01-01').getTime(), Date.UTC(1970, 0), Date.parse('1970-01-01'), Date.length, Date.name];
                    """))
                    .isEqualTo(
                            "[1767225600000,\"2026-01-01T00:00:00.000Z\",\"Thu Jan 01 2026 00:00:00 GMT+0000 (GMT)\",\"string\",0,\"2020-01-02T00:00:00.000Z\",1577836800000,0,0,7,\"Date\"]");
        }
    }

    @Test
    void dateWhenReachedThroughInstancesIsStillTheHosts() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const d = new Date(0);
                    class Mine extends Date { twice() { return this.getTime() * 2; } }
                    return [d.constructor === Date, d instanceof Date, new d.constructor().getTime(), new Mine(4).twice(), new Mine().getTime(), Object.prototype.toString.call(d)];
                    """)).isEqualTo("[true,true,1767225600000,8,1767225600000,\"[object Date]\"]");
        }
    }

    @Test
    void intlWhenGivenNoDateFormatsTheHostsNow() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const f = new Intl.DateTimeFormat();
                    return [f.format(), f.format === f.format, f.formatToParts().map((p) => p.value).join(''), f.format(0), f.resolvedOptions().timeZone, f.resolvedOptions().locale, [new Date(0)].map(f.format)];
                    """))
                    .isEqualTo("[\"1/1/2026\",true,\"1/1/2026\",\"1/1/1970\",\"UTC\",\"en-US\",[\"1/1/1970\"]]");
        }
    }

    @Test
    void performanceWhenTimePassesMeasuresIt() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const before = performance.now(); await new Promise((r) => setTimeout(r, 12));
                    return [performance.now() - before, performance.timeOrigin, JSON.stringify(performance), performance instanceof Performance];
                    """)).isEqualTo("[12,1767225600000,\"{\\\"timeOrigin\\\":1767225600000}\",true]");
        }
    }

    @Test
    void randomWhenCalledIsTheHosts() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    return [Math.random(), crypto.randomUUID(), [...crypto.getRandomValues(new Uint16Array(2))]];
                    """)).isEqualTo("[0.25,\"00010203-0405-4607-8809-0a0b0c0d0e0f\",[4368,4882]]");
        }
    }

    @Test
    void navigatorWhenReadNamesTheRuntime() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    return [navigator.userAgent, String(navigator)];
                    """)).isEqualTo("[\"Ratchet\",\"[object Navigator]\"]");
        }
    }
}

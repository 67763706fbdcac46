package dev.ratchet.server.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.context.WebServerGracefulShutdownLifecycle;
import org.springframework.context.support.GenericApplicationContext;

class PhasedLifecycleTest {
    @Test
    void phasesWhenStartedFollowTheirOrderAndStopInReverse() {
        List<String> seen = new ArrayList<>();
        GenericApplicationContext context = new GenericApplicationContext();
        for (Phase phase : Phase.values()) {
            // Registered in an order that is not theirs.
            context.registerBean(
                    "bean" + (Phase.values().length - phase.ordinal()),
                    PhasedLifecycle.class,
                    () -> new PhasedLifecycle(phase, phase.name(), () -> seen.add("+" + phase), () -> {
                        seen.add("-" + phase);
                        throw new IllegalStateException("one that fails does not keep the others from stopping");
                    }));
        }
        context.refresh();
        context.close();

        assertThat(seen)
                .containsExactly(
                        "+STORAGE",
                        "+POOL",
                        "+DISPATCHER",
                        "+TICKER",
                        "+DELIVERIES",
                        "+ANNOUNCEMENT",
                        "-ANNOUNCEMENT",
                        "-DELIVERIES",
                        "-TICKER",
                        "-DISPATCHER",
                        "-POOL",
                        "-STORAGE");
    }

    @Test
    void webServerWhenStartedStandsBeforeTheAnnouncementOnly() {
        // Spring Boot starts it 1024 below the phase in which it stops accepting.
        int web = WebServerGracefulShutdownLifecycle.SMART_LIFECYCLE_PHASE - 1024;

        assertThat(Phase.DELIVERIES.order()).isLessThan(web);
        assertThat(Phase.ANNOUNCEMENT.order()).isGreaterThan(WebServerGracefulShutdownLifecycle.SMART_LIFECYCLE_PHASE);
    }
}

package dev.ratchet.server.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

class PhasedLifecycleTest {
    @Test
    void phasesWhenStartedFollowTheirOrderAndStopInReverse() {
        List<String> seen = new ArrayList<>();
        GenericApplicationContext context = new GenericApplicationContext();
        for (Phase phase : List.of(Phase.values()).reversed()) {
            // Registered in an order that is not theirs.
            context.registerBean(
                    phase.name(),
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
        assertThat(Phase.DELIVERIES.order()).isLessThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE);
        assertThat(Phase.ANNOUNCEMENT.order()).isGreaterThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE);
    }
}

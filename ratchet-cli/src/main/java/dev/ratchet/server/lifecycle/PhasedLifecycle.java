package dev.ratchet.server.lifecycle;

import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops one part of the server in its {@link Phase}. The parts themselves know nothing of Spring:
 *
 * <pre>{@code
 * @Bean
 * PhasedLifecycle dispatching(Dispatcher dispatcher, ServerSettings settings) {
 *     return new PhasedLifecycle(Phase.DISPATCHER, "dispatcher", dispatcher::start,
 *             () -> dispatcher.stop(settings.shutdownTimeout()));
 * }
 * }</pre>
 */
public final class PhasedLifecycle implements SmartLifecycle {
    private static final Logger log = LoggerFactory.getLogger(PhasedLifecycle.class);

    private final Phase phase;
    private final String name;
    private final Runnable starting;
    private final Runnable stopping;
    private volatile boolean running;

    /**
     * @param name for the log
     * @param starting returns when the part works or works on starting; an exception stops the start of the server
     * @param stopping returns when the part has stopped, within a time of its own
     */
    public PhasedLifecycle(Phase phase, String name, Runnable starting, Runnable stopping) {
        this.phase = Objects.requireNonNull(phase, "phase");
        this.name = Objects.requireNonNull(name, "name");
        this.starting = Objects.requireNonNull(starting, "starting");
        this.stopping = Objects.requireNonNull(stopping, "stopping");
    }

    @Override
    public void start() {
        long begun = System.nanoTime();
        starting.run();
        running = true;
        log.atDebug()
                .addKeyValue("part", name)
                .addKeyValue("millis", (System.nanoTime() - begun) / 1_000_000)
                .log("started");
    }

    @Override
    public void stop() {
        long begun = System.nanoTime();
        try {
            stopping.run();
        } catch (RuntimeException e) {
            // The parts behind this one have to stop all the same.
            log.atError().addKeyValue("part", name).setCause(e).log("did not stop in order");
        }
        running = false;
        log.atDebug()
                .addKeyValue("part", name)
                .addKeyValue("millis", (System.nanoTime() - begun) / 1_000_000)
                .log("stopped");
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return phase.order();
    }
}

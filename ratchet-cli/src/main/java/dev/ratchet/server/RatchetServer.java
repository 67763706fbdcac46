package dev.ratchet.server;

import dev.ratchet.api.ApiConfiguration;
import dev.ratchet.cli.config.RatchetConfig;
import dev.ratchet.cli.config.ServerSettings;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.server.lifecycle.DataDirectory;
import dev.ratchet.server.lifecycle.StopSignals;
import dev.ratchet.server.logging.ServerLogging;
import dev.ratchet.server.settings.Loopback;
import dev.ratchet.server.settings.ProcessFacts;
import dev.ratchet.server.settings.WorkerSettings;
import dev.ratchet.server.web.WebConfiguration;
import dev.ratchet.server.wiring.DeliveryConfiguration;
import dev.ratchet.server.wiring.ExecutionConfiguration;
import dev.ratchet.server.wiring.InterfaceConfiguration;
import dev.ratchet.server.wiring.ObservationConfiguration;
import dev.ratchet.server.wiring.QueueConfiguration;
import dev.ratchet.server.wiring.ScheduleConfiguration;
import dev.ratchet.server.wiring.ServerConfiguration;
import dev.ratchet.server.wiring.StorageSettingsConfiguration;
import dev.ratchet.storage.StorageConfiguration;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.servlet.autoconfigure.HttpEncodingAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;

/**
 * The server process: one Spring application with what the modules bring, started and stopped in the order of
 * {@link dev.ratchet.server.lifecycle.Phase}.
 *
 * <p>Neither scanned nor configured by guesses: the parts are imported by name, and of Spring Boot's auto-configurations
 * only those that are used. A module that needs another imports it with its own configuration class. That keeps the start
 * short and the set of beans known. Nothing is read from {@code application.properties} or Spring's variables either: the
 * configuration is Ratchet's.
 *
 * <pre>{@code
 * int exitCode = RatchetServer.serve(config, workers, process, InstantSource.system());
 * }</pre>
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({
    ConfigurationPropertiesAutoConfiguration.class,
    DispatcherServletAutoConfiguration.class,
    ErrorMvcAutoConfiguration.class,
    HttpEncodingAutoConfiguration.class,
    HttpMessageConvertersAutoConfiguration.class,
    JacksonAutoConfiguration.class,
    LifecycleAutoConfiguration.class,
    PropertyPlaceholderAutoConfiguration.class,
    SslAutoConfiguration.class,
    TaskExecutionAutoConfiguration.class,
    TomcatServletWebServerAutoConfiguration.class,
    WebMvcAutoConfiguration.class
})
@Import({
    ServerConfiguration.class,
    StorageSettingsConfiguration.class,
    StorageConfiguration.class,
    ExecutionConfiguration.class,
    QueueConfiguration.class,
    DeliveryConfiguration.class,
    ScheduleConfiguration.class,
    InterfaceConfiguration.class,
    ObservationConfiguration.class,
    ApiConfiguration.class,
    WebConfiguration.class
})
public class RatchetServer {
    private static final Logger log = LoggerFactory.getLogger(RatchetServer.class);

    /** What stopping may take on top of the time that work under way is given. */
    private static final Duration CLEAN_UP = Duration.ofSeconds(5);

    private static final int EXIT_CODE_TERMINATED = 143;

    /** Connections that are served at a time, and as many again that may wait to be. */
    private static final int MAX_CONNECTIONS = 4096;

    /** Made by Spring. */
    public RatchetServer() {}

    /**
     * Serves until the process is asked to end, which it does by itself then, with the signal's exit code.
     *
     * @return the exit code when the server ends for another reason
     * @throws RatchetException when it cannot start; the message is for whoever started it
     */
    public static int serve(RatchetConfig config, WorkerSettings workers, ProcessFacts process, InstantSource clock) {
        Life life = new Life(config, workers, process);
        Thread hook = Thread.ofPlatform().name("shutdown").unstarted(life::end);
        Runtime.getRuntime().addShutdownHook(hook);
        boolean heard = StopSignals.handle(
                exitCode -> {
                    process.console()
                            .accept("stopping; what runs may finish within "
                                    + config.server().shutdownTimeout().toSeconds() + " s (once more to stop at once)");
                    System.exit(exitCode);
                },
                Runtime.getRuntime()::halt);
        if (!heard) {
            log.atDebug().log("signals are left to the virtual machine");
        }
        try {
            life.begin(clock);
            life.awaitEnd();
            return 0;
        } finally {
            life.end();
        }
    }

    /**
     * Serves for as long as an errand takes: the training run of the archive that the server starts from.
     *
     * @param errand gets the base URL of the server
     */
    public static void serveFor(
            RatchetConfig config,
            WorkerSettings workers,
            ProcessFacts process,
            InstantSource clock,
            Consumer<URI> errand) {
        Life life = new Life(config, workers, process);
        try {
            errand.accept(life.begin(clock));
        } finally {
            life.end();
        }
    }

    /** One server from its start to its end. */
    private static final class Life {
        private final RatchetConfig config;
        private final ServerSettings settings;
        private final WorkerSettings workers;
        private final ProcessFacts process;
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile @Nullable ConfigurableApplicationContext context;
        private volatile @Nullable DataDirectory data;

        Life(RatchetConfig config, WorkerSettings workers, ProcessFacts process) {
            this.config = config;
            this.settings = config.server();
            this.workers = workers;
            this.process = process;
        }

        URI begin(InstantSource clock) {
            requireLoopback(settings.bindAddress());
            // The one switch of Spring Boot that is read before there is an environment; see ServerLogging.
            System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
            ServerLogging.configure(config.logging(), process.coloured());
            DataDirectory held = DataDirectory.hold(settings.dataDir(), process.pid());
            data = held;
            requireFree(settings);

            SpringApplication application = new SpringApplication(RatchetServer.class);
            application.setWebApplicationType(WebApplicationType.SERVLET);
            application.setBannerMode(Banner.Mode.OFF);
            application.setLogStartupInfo(false);
            application.setRegisterShutdownHook(false);
            application.setAddCommandLineProperties(false);
            application.setEnvironment(new OwnEnvironment(properties(settings)));
            application.addInitializers(starting -> {
                context = starting;
                GenericApplicationContext generic = (GenericApplicationContext) starting;
                register(generic, config);
                register(generic, workers);
                register(generic, process);
                register(generic, held);
                generic.registerBean("clock", InstantSource.class, () -> clock);
            });
            try {
                ServletWebServerApplicationContext running = (ServletWebServerApplicationContext) application.run();
                int port = Objects.requireNonNull(running.getWebServer(), "web server")
                        .getPort();
                return URI.create(settings.url(port));
            } catch (RuntimeException e) {
                throw explained(e, settings);
            }
        }

        void awaitEnd() {
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Stops everything, within a time limit. Ending twice is the same as once; the second waits for the first. */
        synchronized void end() {
            if (ended.getCount() == 0) {
                return;
            }
            ConfigurableApplicationContext running = context;
            if (running != null) {
                Duration limit = settings.shutdownTimeout().plus(CLEAN_UP);
                Thread closing = Thread.ofPlatform().daemon().name("closing").start(running::close);
                try {
                    if (!closing.join(limit)) {
                        process.console()
                                .accept("not everything stopped within " + limit.toSeconds()
                                        + " s; what was under way is found out about at the next start");
                        Runtime.getRuntime().halt(EXIT_CODE_TERMINATED);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            DataDirectory held = data;
            if (held != null) {
                held.close();
            }
            ServerLogging.close();
            ended.countDown();
        }
    }

    @SuppressWarnings("unchecked") // an object is an instance of its class
    private static <T> void register(GenericApplicationContext context, T bean) {
        context.registerBean((Class<T>) bean.getClass(), () -> bean);
    }

    private static void requireLoopback(String host) {
        if (!Loopback.isLoopback(host)) {
            throw new RatchetException(
                    ErrorCode.BAD_REQUEST,
                    "the server cannot listen on '" + host
                            + "': it does not ask who calls yet, so only this machine may;"
                            + " accepted: 127.0.0.1, ::1 and localhost (to be reached from elsewhere, put a proxy with"
                            + " a login in front)");
        }
    }

    private static Map<String, Object> properties(ServerSettings settings) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("server.address", settings.bindAddress());
        properties.put("server.port", settings.port());
        properties.put("server.shutdown", "graceful");
        properties.put("server.server-header", "");
        properties.put("server.max-http-request-header-size", "32KB");
        properties.put("server.tomcat.connection-timeout", "20s");
        // Who connects while nobody is free to accept waits in the queue of the system instead of being reset, and the
        // queue of jobs says how much is too much. What is beyond waits outside: each connection costs memory.
        properties.put("server.tomcat.max-connections", MAX_CONNECTIONS);
        properties.put("server.tomcat.accept-count", MAX_CONNECTIONS);
        // The container would close a connection after 100 requests, which a client of one machine pays for again and
        // again.
        properties.put("server.tomcat.max-keep-alive-requests", -1);
        properties.put(
                "spring.lifecycle.timeout-per-shutdown-phase",
                settings.shutdownTimeout().toString());
        properties.put("spring.threads.virtual.enabled", true);
        properties.put("spring.mvc.servlet.load-on-startup", 1);
        properties.put("spring.web.resources.add-mappings", false);
        properties.put("spring.config.location", "optional:classpath:/dev/ratchet/server/no-such-folder/");
        settings.tls().ifPresent(tls -> {
            TlsFiles files = TlsFiles.read(tls);
            properties.put("server.ssl.certificate", files.certificates());
            properties.put("server.ssl.certificate-private-key", files.key());
            properties.put(
                    "server.ssl.enabled-protocols",
                    tls.minVersion().equals("1.3") ? List.of("TLSv1.3") : List.of("TLSv1.2", "TLSv1.3"));
        });
        return properties;
    }

    /**
     * Looks before anything is started, because the web server is the last to: nobody has to wait for a refusal, and no
     * worker is launched in vain. Whoever takes the port between this and then is found out by the web server.
     */
    private static void requireFree(ServerSettings settings) {
        if (settings.port() == 0) {
            return;
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(settings.bindAddress(), settings.port()));
        } catch (BindException e) {
            throw inUse(settings.bindAddress(), settings.port(), e);
        } catch (IOException e) {
            throw new RatchetException(
                    ErrorCode.IO_ERROR,
                    "the server cannot listen at " + settings.bindAddress() + ":" + settings.port() + ": "
                            + e.getMessage(),
                    e);
        }
    }

    private static RatchetException inUse(String host, int port, Throwable cause) {
        return new RatchetException(
                ErrorCode.IO_ERROR,
                "port " + port + " of " + host + " is in use or not this user's to take; stop what listens there, or"
                        + " choose another with --port (0 takes any free one)",
                cause);
    }

    private static RuntimeException explained(RuntimeException failure, ServerSettings settings) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RatchetException expected) {
                return expected;
            }
            if (cause instanceof PortInUseException taken) {
                return inUse(settings.bindAddress(), taken.getPort(), failure);
            }
            if (cause instanceof BindException) {
                return new RatchetException(
                        ErrorCode.IO_ERROR,
                        "the server cannot listen at " + settings.bindAddress() + ":" + settings.port() + ": "
                                + cause.getMessage(),
                        failure);
            }
        }
        return failure;
    }

    /** An environment with the settings above and nothing else: no variables, no system properties. */
    private static final class OwnEnvironment extends StandardEnvironment {
        OwnEnvironment(Map<String, Object> properties) {
            getPropertySources().addFirst(new MapPropertySource("ratchet", properties));
        }

        @Override
        protected void customizePropertySources(MutablePropertySources sources) {
            // Spring's own would let SERVER_PORT and the like in.
        }
    }
}

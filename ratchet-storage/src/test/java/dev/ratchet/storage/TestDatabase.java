package dev.ratchet.storage;

import dev.ratchet.core.common.UuidV7;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/**
 * A new, empty database with the storage module on top of it. PostgreSQL is one real server for all tests of this JVM,
 * with a time zone that is not UTC and a database for each instance.
 *
 * <pre>{@code
 * @ParameterizedClass
 * @EnumSource
 * class SomethingTest {
 *     private final TestDatabase database;
 *     SomethingTest(TestDatabase.Vendor vendor) { database = TestDatabase.open(vendor); }
 *     @AfterEach void close() { database.close(); }
 * }
 * }</pre>
 */
final class TestDatabase implements AutoCloseable {
    private static final AtomicInteger count = new AtomicInteger();

    private final StorageSettings settings;
    private final Optional<Path> folder;
    private AnnotationConfigApplicationContext context;

    /** The kinds of database that every contract is tested on. */
    enum Vendor {
        SQLITE,
        POSTGRESQL
    }

    /** Started by the first test that needs it, stopped with the JVM. */
    private static final class Server {
        static final EmbeddedPostgres INSTANCE = start();

        private static EmbeddedPostgres start() {
            try {
                return EmbeddedPostgres.builder()
                        .setServerConfig("timezone", "Asia/Kathmandu")
                        .setServerConfig("max_connections", "200")
                        // As a server that must not lose anything is run; the library's default is off.
                        .setServerConfig("synchronous_commit", "on")
                        .setServerConfig("fsync", "on")
                        .setPGStartupWait(Duration.ofSeconds(60))
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private TestDatabase(StorageSettings settings, Optional<Path> folder) {
        this.settings = settings;
        this.folder = folder;
        this.context = start();
    }

    static TestDatabase open(Vendor vendor) {
        return switch (vendor) {
            case SQLITE -> {
                try {
                    Path folder = Files.createTempDirectory("ratchet-storage");
                    yield new TestDatabase(
                            StorageSettings.of(StorageSettings.Sqlite.of(folder.resolve("ratchet.db"))),
                            Optional.of(folder));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            case POSTGRESQL -> new TestDatabase(StorageSettings.of(newPostgresql()), Optional.empty());
        };
    }

    /** An empty PostgreSQL database. */
    static StorageSettings.Postgresql newPostgresql() {
        String name = "ratchet_" + count.incrementAndGet();
        try (Connection connection = Server.INSTANCE.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new StorageSettings.Postgresql(Server.INSTANCE.getJdbcUrl("postgres", name), "postgres", "");
    }

    StorageSettings settings() {
        return settings;
    }

    /** A bean of the module. */
    <T> T get(Class<T> type) {
        return context.getBean(type);
    }

    /** Closes everything and opens the same database again. */
    void restart() {
        context.close();
        context = start();
    }

    private AnnotationConfigApplicationContext start() {
        AnnotationConfigApplicationContext made = new AnnotationConfigApplicationContext();
        ConfigurableListableBeanFactory beans = made.getBeanFactory();
        beans.registerSingleton("settings", settings);
        beans.registerSingleton("clock", InstantSource.system());
        beans.registerSingleton("codec", new RememberingCodec());
        beans.registerSingleton("ids", new UuidV7(InstantSource.system(), new SecureRandom()));
        made.register(StorageConfiguration.class);
        made.refresh();
        return made;
    }

    @Override
    public void close() {
        context.close();
        folder.ifPresent(TestDatabase::delete);
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

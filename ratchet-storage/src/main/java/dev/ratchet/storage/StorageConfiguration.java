package dev.ratchet.storage;

import dev.ratchet.core.common.Signals;
import dev.ratchet.core.common.Transactions;
import dev.ratchet.core.common.UuidV7;
import dev.ratchet.core.delivery.DeliveryStore;
import dev.ratchet.core.execution.ExecutionStore;
import dev.ratchet.core.job.JobStore;
import dev.ratchet.core.job.NodeStore;
import dev.ratchet.core.schedule.ScheduleStore;
import dev.ratchet.storage.listing.Listings;
import dev.ratchet.storage.listing.Vendor;
import dev.ratchet.storage.retention.RetentionStorageConfiguration;
import dev.ratchet.storage.task.TaskCacheSettings;
import dev.ratchet.storage.task.TaskContents;
import dev.ratchet.storage.task.TaskRows;
import dev.ratchet.storage.task.TaskStorageConfiguration;
import jakarta.persistence.EntityManagerFactory;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Core's ports to storage. Needs a {@link StorageSettings}, an {@link InstantSource}, a {@link UuidV7} and a
 * {@link dev.ratchet.core.task.PackageCodec}; opens the database, which may
 * change its schema, and closes it with the context. No web environment is needed.
 */
@Configuration(proxyBeanMethods = false)
@Import({TaskStorageConfiguration.class, RetentionStorageConfiguration.class})
public class StorageConfiguration {
    /** Writes that may wait for the database at a time, for each of which a caller waits. */
    private static final int WAITING_WRITES = 10_000;

    @Bean(destroyMethod = "close")
    OpenDatabase openDatabase(StorageSettings settings, InstantSource clock) {
        return OpenDatabase.open(settings, clock);
    }

    /** One source: a transaction that only reads gets a connection that only reads, when it first needs one. */
    @Bean
    DataSource dataSource(OpenDatabase database) {
        LazyConnectionDataSourceProxy source = new LazyConnectionDataSourceProxy(database.writers());
        source.setReadOnlyDataSource(database.readers());
        source.setDefaultAutoCommit(true);
        return source;
    }

    @Bean
    LocalContainerEntityManagerFactoryBean entityManagerFactory(StorageSettings settings, DataSource dataSource) {
        HibernateJpaVendorAdapter hibernate = new HibernateJpaVendorAdapter();
        hibernate.setDatabasePlatform(
                switch (settings.database()) {
                    case StorageSettings.Sqlite _ -> "org.hibernate.community.dialect.SQLiteDialect";
                    case StorageSettings.Postgresql _ -> "org.hibernate.dialect.PostgreSQLDialect";
                });
        Map<String, Object> properties = new HashMap<>();
        // Flyway makes the schema; here it is only compared with the entities.
        properties.put("hibernate.hbm2ddl.auto", "validate");
        properties.put(
                "hibernate.physical_naming_strategy",
                "org.hibernate.boot.model.naming.PhysicalNamingStrategySnakeCaseImpl");
        properties.put("hibernate.jdbc.batch_size", "100");
        properties.put("hibernate.order_inserts", "true");
        properties.put("hibernate.order_updates", "true");
        properties.put("hibernate.jdbc.time_zone", "UTC");
        // Validation of beans is the edges' task, and looking for its provider takes time.
        properties.put("jakarta.persistence.validation.mode", "none");

        LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
        factory.setPersistenceUnitName("ratchet");
        factory.setPackagesToScan("dev.ratchet.storage");
        factory.setDataSource(dataSource);
        factory.setJpaVendorAdapter(hibernate);
        factory.setJpaPropertyMap(properties);
        return factory;
    }

    @Bean
    PlatformTransactionManager transactionManager(EntityManagerFactory entities, DataSource dataSource) {
        JpaTransactionManager manager = new JpaTransactionManager(entities);
        manager.setDataSource(dataSource);
        return manager;
    }

    @Bean
    Transactions transactions(PlatformTransactionManager transactionManager) {
        return new DatabaseTransactions(transactionManager);
    }

    @Bean(destroyMethod = "close")
    GroupCommit groupCommit(StorageSettings settings, OpenDatabase database) {
        int lanes =
                switch (settings.database()) {
                    case StorageSettings.Sqlite _ -> 1;
                    case StorageSettings.Postgresql _ -> settings.writers();
                };
        return new GroupCommit(database.writers(), lanes, WAITING_WRITES);
    }

    @Bean
    TaskCacheSettings taskCacheSettings(StorageSettings settings) {
        return new TaskCacheSettings(settings.taskCacheBytes(), TaskCacheSettings.DEFAULTS.freshness());
    }

    @Bean
    VersionCache versionCache(TaskContents contents) {
        return contents::figures;
    }

    @Bean
    Vendor vendor(StorageSettings settings) {
        return switch (settings.database()) {
            case StorageSettings.Sqlite _ -> Vendor.SQLITE;
            case StorageSettings.Postgresql _ -> Vendor.POSTGRESQL;
        };
    }

    @Bean
    Listings listings(DataSource dataSource, Transactions transactions, Vendor vendor, InstantSource clock) {
        return new Listings(JdbcClient.create(dataSource), transactions, vendor, clock);
    }

    @Bean
    Sql sql(DataSource dataSource, EntityManagerFactory entities, GroupCommit groups, OpenDatabase database) {
        return new Sql(dataSource, entities, groups, database.readers());
    }

    @Bean
    TaskRows taskRows(Sql sql) {
        return (statement, parameters) ->
                sql.read(session -> session.queryFirst(statement, TaskRows::read, parameters));
    }

    @Bean
    DatabaseState databaseState(StorageSettings settings, Sql sql, GroupCommit groups, OpenDatabase database) {
        return new DatabaseState(settings.database(), sql, groups, database);
    }

    @Bean
    Lists lists(Listings listings) {
        return new SqlLists(listings);
    }

    @Bean
    JobStore jobStore(StorageSettings settings, Sql sql, UuidV7 ids, Lists lists) {
        return new SqlJobStore(sql, Dialect.of(settings.database()), new Payloads(ids), lists);
    }

    @Bean
    ScheduleStore scheduleStore(StorageSettings settings, Sql sql, Listings listings) {
        return new SqlScheduleStore(sql, Dialect.of(settings.database()), listings);
    }

    @Bean
    NodeStore nodeStore(Sql sql) {
        return new SqlNodeStore(sql);
    }

    @Bean
    ExecutionStore executionStore(Sql sql, Lists lists) {
        return new SqlExecutionStore(sql, lists);
    }

    @Bean
    DeliveryStore deliveryStore(StorageSettings settings, Sql sql, Lists lists) {
        return new SqlDeliveryStore(sql, Dialect.of(settings.database()), lists);
    }

    /** Between the servers that share the database; with a file there is one only. */
    @Bean
    Signals signals(StorageSettings settings, OpenDatabase database) {
        return switch (settings.database()) {
            case StorageSettings.Sqlite _ -> Signals.local();
            case StorageSettings.Postgresql postgresql -> {
                PostgresSignals signals = new PostgresSignals(OpenDatabase.source(postgresql), database.writers());
                signals.start();
                yield signals;
            }
        };
    }
}

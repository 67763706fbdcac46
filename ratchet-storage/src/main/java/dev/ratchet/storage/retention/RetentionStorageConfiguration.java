package dev.ratchet.storage.retention;

import dev.ratchet.core.common.Transactions;
import dev.ratchet.core.job.RetentionStore;
import dev.ratchet.storage.listing.Vendor;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The store of retention. */
@Configuration(proxyBeanMethods = false)
public class RetentionStorageConfiguration {
    @Bean
    RetentionStore retentionStore(DataSource dataSource, Transactions transactions, Vendor vendor) {
        return new SqlRetentionStore(JdbcClient.create(dataSource), transactions, vendor);
    }
}

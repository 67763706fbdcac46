package dev.ratchet.storage;

import dev.ratchet.core.common.Transactions;
import jakarta.persistence.PersistenceException;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Transactions of Spring, with errors as core knows them. */
final class DatabaseTransactions implements Transactions {
    private final TransactionTemplate writing;
    private final TransactionTemplate reading;

    DatabaseTransactions(PlatformTransactionManager transactions) {
        this.writing = new TransactionTemplate(transactions);
        this.reading = new TransactionTemplate(transactions);
        reading.setReadOnly(true);
    }

    @Override
    public <T> T write(Supplier<T> work) {
        if (TransactionSynchronizationManager.isActualTransactionActive()
                && TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
            throw new IllegalStateException("a write within a read: its transaction cannot write");
        }
        return run(writing, work);
    }

    @Override
    public <T> T read(Supplier<T> work) {
        return TransactionSynchronizationManager.isActualTransactionActive() ? work.get() : run(reading, work);
    }

    @SuppressWarnings("NullAway") // the template returns null only when the work does
    private static <T> T run(TransactionTemplate template, Supplier<T> work) {
        try {
            return template.execute(_ -> work.get());
        } catch (DataAccessException | TransactionException | PersistenceException e) {
            throw DatabaseErrors.translate(e);
        }
    }
}

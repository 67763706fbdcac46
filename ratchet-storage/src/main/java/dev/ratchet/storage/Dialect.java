package dev.ratchet.storage;

/** Where the statements of the two databases differ. */
enum Dialect {
    /** One writer at a time: whoever reads in order to write reads what nobody else is changing. */
    SQLITE("", "", ""),
    /** Writers side by side: rows are locked as they are read, and those locked by others passed over. */
    POSTGRESQL(" for update", " for update skip locked", "select pg_advisory_xact_lock(7261746368657431)");

    private final String lock;
    private final String lockFree;
    private final String slotsLock;

    Dialect(String lock, String lockFree, String slotsLock) {
        this.lock = lock;
        this.lockFree = lockFree;
        this.slotsLock = slotsLock;
    }

    /** What a query ends with whose rows are going to be changed. */
    String lock() {
        return lock;
    }

    /** What a query ends with that takes any rows nobody else is about to take. */
    String lockFree() {
        return lockFree;
    }

    /**
     * A query after which nobody else changes concurrency slots until the transaction ends; empty where none is needed.
     * One lock for all of them: taken one by one, in the order of the jobs, they would often be waited for in a circle.
     */
    String slotsLock() {
        return slotsLock;
    }

    static Dialect of(StorageSettings.Database database) {
        return switch (database) {
            case StorageSettings.Sqlite _ -> SQLITE;
            case StorageSettings.Postgresql _ -> POSTGRESQL;
        };
    }
}

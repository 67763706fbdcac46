package dev.ratchet.storage;

/** Where the statements of the two databases differ. */
enum Dialect {
    /** One writer at a time: whoever reads in order to write reads what nobody else is changing. */
    SQLITE("", ""),
    /** Writers side by side: rows are locked as they are read, and those locked by others passed over. */
    POSTGRESQL(" for update", " for update skip locked");

    private final String lock;
    private final String lockFree;

    Dialect(String lock, String lockFree) {
        this.lock = lock;
        this.lockFree = lockFree;
    }

    /** What a query ends with whose rows are going to be changed. */
    String lock() {
        return lock;
    }

    /** What a query ends with that takes any rows nobody else is about to take. */
    String lockFree() {
        return lockFree;
    }

    static Dialect of(StorageSettings.Database database) {
        return switch (database) {
            case StorageSettings.Sqlite _ -> SQLITE;
            case StorageSettings.Postgresql _ -> POSTGRESQL;
        };
    }
}

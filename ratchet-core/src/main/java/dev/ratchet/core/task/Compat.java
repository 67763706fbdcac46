package dev.ratchet.core.task;

/** Which generation of the task interface a package is written for. */
public enum Compat {
    /** The web standards: {@code fetch} returns a promise. */
    NONE(""),
    /** The synchronous {@code fetch} of Ratchet 0.4: returns an object, throws typed errors for non-2xx answers. */
    RATCHET_0_4("ratchet-0.4");

    private final String wireName;

    Compat(String wireName) {
        this.wireName = wireName;
    }

    /** The value of the package's {@code compat} key; empty when the key is absent. */
    public String wireName() {
        return wireName;
    }
}

package dev.ratchet.core.common;

import java.util.Objects;

/**
 * On whose behalf a use case runs. Every use case takes one and looks at nothing outside its tenant.
 *
 * @param tenant whose data
 * @param actor who, as shown in histories: a user name, a key's name, or a part of the program such as
 *     {@code scheduler}
 */
public record Caller(TenantId tenant, String actor) {
    /** Somebody on this machine, as long as there are no identities. */
    public static final Caller LOCAL = new Caller(TenantId.DEFAULT, "local");

    public Caller {
        Objects.requireNonNull(tenant, "tenant");
        Objects.requireNonNull(actor, "actor");
    }
}

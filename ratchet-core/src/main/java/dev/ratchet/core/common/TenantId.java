package dev.ratchet.core.common;

import java.util.regex.Pattern;

/**
 * A namespace: nothing of one tenant is visible to another.
 *
 * @param value 1 to 64 of lower-case letters, digits, {@code -} and {@code _}
 */
public record TenantId(String value) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9_-]{1,64}");

    /** The tenant of an installation that has only one. */
    public static final TenantId DEFAULT = new TenantId("default");

    public TenantId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "a tenant is named by 1 to 64 lower-case letters, digits, - and _, was '" + value + "'");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}

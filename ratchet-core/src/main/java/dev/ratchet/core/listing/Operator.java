package dev.ratchet.core.listing;

/** How a property is compared. Text is compared without regard to case, except by the first four. */
public enum Operator {
    /** Equal to the value. */
    EQ("eq"),
    /** Not equal to the value, or absent. */
    NE("ne"),
    /** Equal to one of the values. */
    IN("in"),
    /** Equal to none of the values, or absent. */
    NOT_IN("not_in"),
    /** Matches a pattern in which {@code %} stands for any text and {@code _} for one character. */
    LIKE("like"),
    /** Contains the text. */
    CONTAINS("contains"),
    /** Begins with the text. */
    STARTS_WITH("starts_with"),
    /** Ends with the text. */
    ENDS_WITH("ends_with"),
    /** Greater than, or after. */
    GT("gt"),
    /** Greater than, after, or equal. */
    GTE("gte"),
    /** Less than, or before. */
    LT("lt"),
    /** Less than, before, or equal. */
    LTE("lte");

    private final String wireName;

    Operator(String wireName) {
        this.wireName = wireName;
    }

    /** The name as a user writes it, after the property's. */
    public String wireName() {
        return wireName;
    }

    /** Whether it takes several values. */
    public boolean isSet() {
        return this == IN || this == NOT_IN;
    }

    /** Whether it compares text by its parts. */
    public boolean isTextual() {
        return this == LIKE || this == CONTAINS || this == STARTS_WITH || this == ENDS_WITH;
    }

    /** Whether it needs values that have an order. */
    public boolean isOrdering() {
        return this == GT || this == GTE || this == LT || this == LTE;
    }
}

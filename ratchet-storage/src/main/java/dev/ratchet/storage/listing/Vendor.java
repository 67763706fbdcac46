package dev.ratchet.storage.listing;

/** Whose SQL is written. */
public enum Vendor {
    SQLITE,
    POSTGRESQL;

    /** An expression for text that is compared and sorted by its bytes, whatever the database's collation is. */
    String plain(String expression) {
        return switch (this) {
            case SQLITE -> expression;
            case POSTGRESQL -> "(" + expression + ") collate \"C\"";
        };
    }

    /** An expression for text with the letters A to Z in lower case; others stay as they are, as SQLite has it. */
    String folded(String expression) {
        return "lower(" + plain(expression) + ")";
    }

    /** A table of one column, {@code value}, with the texts in a JSON array. */
    String texts(String expression) {
        return switch (this) {
            case SQLITE -> "json_each(" + expression + ")";
            case POSTGRESQL -> "jsonb_array_elements_text((" + expression + ")::jsonb) as label (value)";
        };
    }
}

package dev.ratchet.execution.worker;

import java.util.Objects;

/**
 * One header line of a request or an answer.
 *
 * @param name the field's name
 * @param value the field's value; each char stands for one byte (ISO-8859-1)
 */
record HeaderField(String name, String value) {

    HeaderField {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
    }
}

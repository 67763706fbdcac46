package dev.ratchet.core.schedule;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.KnownNames;
import dev.ratchet.core.common.RatchetException;
import java.util.Arrays;
import java.util.function.Function;

/** Finds a constant by the name it has outside of the program. */
final class WireNames {
    private WireNames() {}

    static <E extends Enum<E>> E find(String kind, String given, E[] values, Function<E, String> wireName) {
        return Arrays.stream(values)
                .filter(value -> wireName.apply(value).equals(given))
                .findFirst()
                .orElseThrow(() -> new RatchetException(
                        ErrorCode.VALIDATION_ERROR,
                        KnownNames.unknown(
                                kind, given, Arrays.stream(values).map(wireName).toList())));
    }
}

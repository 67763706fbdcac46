package dev.ratchet.api.web;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import dev.ratchet.core.common.RatchetException;
import org.junit.jupiter.api.Test;

class StreamPlacesTest {
    private final StreamPlaces places = new StreamPlaces(1);

    @Test
    void takeWhenAllAreTakenIsRefusedUntilOneIsGivenBack() {
        StreamPlaces.Place first = places.place();
        StreamPlaces.Place second = places.place();
        first.take();

        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(second::take)
                .withMessage("all 1 streams are in use; try again later");

        second.close();
        first.close();
        assertThatNoException().isThrownBy(() -> places.place().take());
    }

    @Test
    void takeWhenTheRequestHasAPlaceKeepsIt() {
        StreamPlaces.Place place = places.place();
        place.take();
        place.take();
        place.close();
        place.close();
        places.place().take();

        assertThatExceptionOfType(RatchetException.class)
                .isThrownBy(() -> places.place().take());
    }
}

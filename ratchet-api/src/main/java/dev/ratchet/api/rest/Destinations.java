package dev.ratchet.api.rest;

import dev.ratchet.api.json.JsonReading;
import dev.ratchet.core.common.JsonText;
import dev.ratchet.core.delivery.OutputDestinations;

/** Output destinations between a request, the store and an answer. */
final class Destinations {
    private final OutputDestinations forms;

    Destinations(OutputDestinations forms) {
        this.forms = forms;
    }

    /** What a job or schedule keeps of what was given, after every check. */
    JsonText stored(String source, JsonText given) {
        return forms.write(forms.read(source, given), false);
    }

    /** What may be shown of what is kept: no secrets. */
    JsonText shown(JsonText stored) {
        return forms.write(forms.read("outputDestinations", stored), true);
    }

    /** The same for one destination, which is kept as an array of one. */
    JsonText shownOne(JsonText stored) {
        return JsonReading.elements(JsonReading.own(shown(stored).value()))
                .getFirst()
                .document();
    }
}

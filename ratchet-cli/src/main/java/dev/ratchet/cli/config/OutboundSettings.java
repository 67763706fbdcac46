package dev.ratchet.cli.config;

import dev.ratchet.execution.http.HttpSettings;
import java.util.Set;

/**
 * What tasks' requests may do.
 *
 * @param gate the settings of the gate they leave by
 * @param allowedPrivateHosts {@code allowed_private_hosts}: hosts granted as by {@code --allow-net}, in lower case;
 *     default none
 */
public record OutboundSettings(HttpSettings gate, Set<String> allowedPrivateHosts) {
    public OutboundSettings {
        allowedPrivateHosts = Set.copyOf(allowedPrivateHosts);
    }
}

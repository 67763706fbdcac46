package dev.ratchet.execution.delivery;

import dev.ratchet.core.common.Cancellation;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.delivery.DeliveryAttempt;
import dev.ratchet.core.delivery.DeliveryChannel;
import dev.ratchet.core.delivery.DeliveryRequest;
import dev.ratchet.core.delivery.OutputDestination;
import dev.ratchet.core.http.OutboundHttp;
import dev.ratchet.execution.recording.Json;
import java.time.InstantSource;

/**
 * Takes results to files, webhooks and standard streams.
 *
 * <pre>{@code
 * try (OutboundHttp http = WebhookGate.open(HttpSettings.DEFAULTS, settings.security(), HostResolver.SYSTEM, clock);
 *         DeliveryChannel channel = DeliveryChannels.open(settings, http, sink, clock)) {
 *     DeliveryAttempt attempt = channel.deliver(request, new Cancellation());
 * }
 * }</pre>
 */
public final class DeliveryChannels implements DeliveryChannel {
    private final DeliverySettings settings;
    private final FilesystemChannel files;
    private final WebhookChannel webhooks;
    private final StdioChannel streams;

    private DeliveryChannels(
            DeliverySettings settings, FilesystemChannel files, WebhookChannel webhooks, StdioChannel streams) {
        this.settings = settings;
        this.files = files;
        this.webhooks = webhooks;
        this.streams = streams;
    }

    /**
     * Opens the channels.
     *
     * @param http the gate of webhooks, from {@link WebhookGate}; stays open when the channels close
     * @param sink the program's standard streams
     * @param clock for signatures, circuit breakers and dates in answers
     */
    public static DeliveryChannels open(
            DeliverySettings settings, OutboundHttp http, StdioSink sink, InstantSource clock) {
        return new DeliveryChannels(
                settings,
                new FilesystemChannel(settings.root()),
                new WebhookChannel(http, settings, clock),
                new StdioChannel(sink, settings.includeMetadata()));
    }

    @Override
    public DeliveryAttempt deliver(DeliveryRequest request, Cancellation cancellation) {
        if (cancellation.isCancelled()) {
            return Attempts.retry("the delivery was stopped", Json.object());
        }
        Rendering rendering;
        try {
            rendering = new Rendering(request, settings);
        } catch (RatchetException e) {
            return Attempts.failed(String.valueOf(e.getMessage()), Json.object());
        }
        return switch (request.destination()) {
            case OutputDestination.Filesystem file -> files.deliver(request.id(), file, rendering);
            case OutputDestination.Webhook webhook -> webhooks.deliver(request.id(), webhook, rendering, cancellation);
            case OutputDestination.Stdio stdio -> streams.deliver(stdio, rendering);
        };
    }

    @Override
    public void close() {
        webhooks.close();
    }
}

package dev.ratchet.core.http;

/**
 * Where the time of a request went, in milliseconds; -1 where a part did not happen (the convention of HAR 1.2).
 *
 * @param startedEpochMillis wall clock when the request began
 * @param dns name resolution
 * @param connect TCP connection, TLS included
 * @param tls TLS handshake
 * @param send writing the request
 * @param await until the first byte of the response
 * @param receive reading the response
 */
public record HttpTiming(
        long startedEpochMillis, double dns, double connect, double tls, double send, double await, double receive) {
    /** A request that never touched the network, such as a mocked one. */
    public static HttpTiming none(long startedEpochMillis) {
        return new HttpTiming(startedEpochMillis, -1, -1, -1, 0, 0, 0);
    }

    /** Sum of the parts that happened; TLS is inside connect. */
    public double totalMillis() {
        return Math.max(0, dns) + Math.max(0, connect) + Math.max(0, send) + Math.max(0, await) + Math.max(0, receive);
    }
}

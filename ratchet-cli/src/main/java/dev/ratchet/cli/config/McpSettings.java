package dev.ratchet.cli.config;

/**
 * The MCP server.
 *
 * @param enabled {@code enabled}: whether a server speaks MCP; default true
 * @param transport {@code transport}: how; default sse
 * @param host {@code host}: address it listens on; default 127.0.0.1
 * @param port {@code port}: 0 to 65,535, default 8090
 */
public record McpSettings(boolean enabled, Transport transport, String host, int port) {
    /** Ways to speak MCP. */
    public enum Transport {
        /** HTTP with server-sent events, the older way. */
        SSE,
        /** Standard input and output. */
        STDIO,
        /** Streamable HTTP. */
        HTTP
    }
}

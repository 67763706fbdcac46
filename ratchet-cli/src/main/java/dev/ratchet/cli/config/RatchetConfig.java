package dev.ratchet.cli.config;

import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import dev.ratchet.core.secret.Secrets;

/**
 * All settings of the application, checked. Each record names its keys; bounds and defaults of every key are in
 * {@code docs/configuration.md}. No record prints a secret.
 *
 * @param execution {@code execution}: how tasks run
 * @param http {@code http}: what tasks' requests may do
 * @param cache {@code cache}: what is kept in memory
 * @param logging {@code logging}: the log of a server
 * @param output {@code output}: deliveries
 * @param server {@code server}: the server itself and its database
 * @param mcp {@code mcp}: the MCP server
 * @param queue {@code queue}: how jobs are handed out
 * @param retention {@code retention}: what is kept of the past
 * @param secrets the named secrets of {@code secrets.directory} and of {@code RATCHET_SECRET_NAME} variables
 */
public record RatchetConfig(
        ExecutionSettings execution,
        OutboundSettings http,
        CacheSettings cache,
        LoggingSettings logging,
        OutputSettings output,
        ServerSettings server,
        McpSettings mcp,
        QueueSettings queue,
        RetentionSettings retention,
        Secrets secrets) {

    /**
     * These settings, if a server can be run with them.
     *
     * @throws RatchetException when the database would be gone with the process
     */
    public RatchetConfig requireServable() {
        return switch (server.database().url()) {
            case DatabaseUrl.Sqlite _, DatabaseUrl.Postgresql _ -> this;
            case DatabaseUrl.SqliteInMemory _ ->
                throw new RatchetException(
                        ErrorCode.BAD_REQUEST,
                        "server.database.url is sqlite::memory:, which forgets every accepted job when the server stops;"
                                + " accepted: sqlite://FILE (such as sqlite://data/ratchet.db) or postgresql://…");
        };
    }
}

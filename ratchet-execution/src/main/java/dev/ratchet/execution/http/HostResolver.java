package dev.ratchet.execution.http;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * The one place where the gate turns a name into addresses. Whatever it answers is checked before use, and a connection
 * goes to exactly an address that was checked, so an answer that changes between two calls cannot lead anywhere else.
 * May block; is called on a thread of its own. Thread-safe.
 */
@FunctionalInterface
public interface HostResolver {
    /** The operating system's resolver, with the cache of the Java platform in front of it. */
    HostResolver SYSTEM = InetAddress::getAllByName;

    /**
     * Resolves a name; never called with an IP literal.
     *
     * @param host lower-case ASCII host name without trailing dot
     * @return addresses in order of preference, at least one
     * @throws UnknownHostException when the name has no address
     */
    InetAddress[] resolve(String host) throws UnknownHostException;
}

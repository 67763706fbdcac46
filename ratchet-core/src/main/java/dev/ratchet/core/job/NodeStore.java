package dev.ratchet.core.job;

import dev.ratchet.core.id.NodeId;
import java.time.Instant;
import java.util.List;

/** Port to the list of server processes that share the database. A node's lease is the lease of every job it runs. */
public interface NodeStore {
    /**
     * A server process.
     *
     * @param id this life of it
     * @param name host name and process, for people
     * @param startedAt when it began
     * @param leaseUntil until when it counts as alive without saying more
     */
    record Node(NodeId id, String name, Instant startedAt, Instant leaseUntil) {}

    /** Enters a node. */
    void register(Node node);

    /** Prolongs a lease; false when the node is not known any more, its jobs having been taken over. */
    boolean renew(NodeId node, Instant leaseUntil);

    /** Removes a node that runs nothing any more. */
    void leave(NodeId node);

    /** Ends the leases of all others at once: only where nothing else can have the database open. */
    void endOtherLeases(NodeId survivor);

    /** Removes nodes whose lease ended and whose jobs are all taken over. */
    void forgetDead(Instant now);

    /** The nodes there are. */
    List<Node> nodes();
}

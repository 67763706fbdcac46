package dev.ratchet.execution.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which addresses requests may go to. Source: the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890, RFC
 * 8190), where everything not "globally reachable" is refused, and the IANA IPv6 address space registry, of which only
 * the global unicast block 2000::/3 is in use. Forms that carry an IPv4 address inside an IPv6 one are judged by the
 * address they lead to.
 */
final class AddressPolicy {
    /** What the rules say about an address. */
    sealed interface Verdict {
        /** Public. */
        record Allowed() implements Verdict {}

        /**
         * Special-purpose; reachable with a grant only.
         *
         * @param range the block and what it is for
         */
        record Special(String range) implements Verdict {}

        /** Serves credentials or control to the machines of a cloud; never reachable. */
        record Metadata() implements Verdict {}
    }

    private static final Verdict ALLOWED = new Verdict.Allowed();
    private static final Verdict METADATA = new Verdict.Metadata();

    private static final List<Block> IPV4_SPECIAL = List.of(
            Block.of("0.0.0.0", 8, "this network"),
            Block.of("10.0.0.0", 8, "private use"),
            Block.of("100.64.0.0", 10, "shared address space"),
            Block.of("127.0.0.0", 8, "loopback"),
            Block.of("169.254.0.0", 16, "link-local"),
            Block.of("172.16.0.0", 12, "private use"),
            Block.of("192.0.0.0", 24, "IETF protocol assignments"),
            Block.of("192.0.2.0", 24, "documentation"),
            Block.of("192.88.99.0", 24, "6to4 relay anycast, deprecated"),
            Block.of("192.168.0.0", 16, "private use"),
            Block.of("198.18.0.0", 15, "benchmarking"),
            Block.of("198.51.100.0", 24, "documentation"),
            Block.of("203.0.113.0", 24, "documentation"),
            Block.of("224.0.0.0", 4, "multicast"),
            Block.of("240.0.0.0", 4, "reserved, broadcast"));

    private static final List<Block> IPV6_SPECIAL = List.of(
            Block.of("::", 128, "unspecified"),
            Block.of("::1", 128, "loopback"),
            Block.of("::", 96, "IPv4-compatible, deprecated"),
            Block.of("64:ff9b:1::", 48, "local-use IPv4/IPv6 translation"),
            Block.of("100::", 64, "discard-only"),
            Block.of("2001::", 23, "IETF protocol assignments, Teredo"),
            Block.of("2001:db8::", 32, "documentation"),
            Block.of("3fff::", 20, "documentation"),
            Block.of("5f00::", 16, "segment routing"),
            Block.of("fc00::", 7, "unique local"),
            Block.of("fe80::", 10, "link-local"),
            Block.of("fec0::", 10, "site-local, deprecated"),
            Block.of("ff00::", 8, "multicast"));

    private static final Block IPV4_COMPATIBLE = Block.of("::", 96, "");
    private static final Block NAT64 = Block.of("64:ff9b::", 96, "");
    private static final Block SIX_TO_FOUR = Block.of("2002::", 16, "");
    private static final Block GLOBAL_UNICAST = Block.of("2000::", 3, "");

    /** As documented by the providers; the link-local ones are private anyway, which a grant could lift. */
    private static final List<Block> METADATA_ADDRESSES = List.of(
            Block.of("169.254.169.254", 32, "AWS, Azure, Google Cloud, OpenStack and others"),
            Block.of("169.254.170.2", 32, "AWS ECS task credentials"),
            Block.of("169.254.170.23", 32, "AWS EKS pod identity"),
            Block.of("169.254.0.23", 32, "Tencent Cloud"),
            Block.of("169.254.42.42", 32, "Scaleway"),
            Block.of("100.100.100.200", 32, "Alibaba Cloud"),
            Block.of("168.63.129.16", 32, "Azure host agent"),
            Block.of("192.0.0.192", 32, "Oracle Cloud"),
            Block.of("fd00:ec2::254", 128, "AWS"),
            Block.of("fd00:ec2::23", 128, "AWS EKS pod identity"),
            Block.of("fd20:ce::254", 128, "Google Cloud"),
            Block.of("fd00:42::42", 128, "Scaleway"),
            Block.of("fd00:c1::a9fe:a9fe", 128, "Oracle Cloud"));

    private static final Set<String> METADATA_NAMES = Set.of(
            "metadata",
            "metadata.google.internal",
            "metadata.goog",
            "metadata.azure.internal",
            "metadata.tencentyun.com",
            "instance-data",
            "instance-data.ec2.internal");

    private AddressPolicy() {}

    /** Whether {@code host}, lower-case, is a name of a metadata service, whatever it resolves to. */
    static boolean isMetadataName(String host) {
        return METADATA_NAMES.contains(host);
    }

    /** Judges one address. */
    static Verdict judge(InetAddress address) {
        return judge(address.getAddress());
    }

    private static Verdict judge(byte[] address) {
        if (matching(METADATA_ADDRESSES, address).isPresent()) {
            return METADATA;
        }
        if (address.length == 4) {
            return matching(IPV4_SPECIAL, address)
                    .<Verdict>map(block -> new Verdict.Special(block.toString()))
                    .orElse(ALLOWED);
        }
        byte[] embedded = embeddedIpv4(address);
        if (embedded != null) {
            return judge(embedded);
        }
        if (IPV4_COMPATIBLE.contains(address)
                && judge(Arrays.copyOfRange(address, 12, 16)) instanceof Verdict.Metadata) {
            return METADATA;
        }
        Optional<Block> special = matching(IPV6_SPECIAL, address);
        if (special.isPresent()) {
            return new Verdict.Special(special.get().toString());
        }
        return GLOBAL_UNICAST.contains(address)
                ? ALLOWED
                : new Verdict.Special("outside 2000::/3 (not assigned for global unicast)");
    }

    /** The IPv4 address a packet to this IPv6 address ends up at, or null. */
    private static byte @Nullable [] embeddedIpv4(byte[] address) {
        if (IpText.isIpv4Mapped(address) || NAT64.contains(address)) {
            return Arrays.copyOfRange(address, 12, 16);
        }
        if (SIX_TO_FOUR.contains(address)) {
            return Arrays.copyOfRange(address, 2, 6);
        }
        return null;
    }

    private static Optional<Block> matching(List<Block> blocks, byte[] address) {
        return blocks.stream().filter(block -> block.contains(address)).findFirst();
    }

    /**
     * A CIDR block. Addresses of the other family are outside it.
     *
     * @param prefix first address; not changed after construction
     * @param bits leading bits that count
     * @param purpose what it is for
     */
    @SuppressWarnings("ArrayRecordComponent") // never leaves this package, never compared
    record Block(byte[] prefix, int bits, String purpose) {
        static Block of(String first, int bits, String purpose) {
            return new Block(InetAddress.ofLiteral(first).getAddress(), bits, purpose);
        }

        boolean contains(byte[] address) {
            if (address.length != prefix.length) {
                return false;
            }
            int whole = bits / 8;
            if (Arrays.mismatch(address, 0, whole, prefix, 0, whole) >= 0) {
                return false;
            }
            int rest = bits % 8;
            return rest == 0 || ((address[whole] ^ prefix[whole]) & 0xff) >> (8 - rest) == 0;
        }

        @Override
        public String toString() {
            try {
                return IpText.format(InetAddress.getByAddress(prefix)) + "/" + bits + " (" + purpose + ")";
            } catch (UnknownHostException e) {
                throw new IllegalStateException("a block has 4 or 16 bytes", e);
            }
        }
    }
}

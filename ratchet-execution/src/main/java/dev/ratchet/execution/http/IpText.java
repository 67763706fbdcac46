package dev.ratchet.execution.http;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * IP addresses as text, in the one form the WHATWG URL standard serialises: dotted decimal for IPv4, lower-case
 * compressed hexadecimal for IPv6. Other spellings are where two parsers disagree, so they are not read.
 */
final class IpText {
    private static final Pattern OCTET = Pattern.compile("0|[1-9][0-9]{0,2}");
    private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9a-fA-F:.]{2,45}");

    private IpText() {}

    /** Reads dotted decimal without leading zeros; empty for anything else. */
    static Optional<InetAddress> ipv4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return Optional.empty();
        }
        byte[] address = new byte[4];
        for (int i = 0; i < 4; i++) {
            if (!OCTET.matcher(parts[i]).matches()) {
                return Optional.empty();
            }
            int octet = Integer.parseInt(parts[i]);
            if (octet > 255) {
                return Optional.empty();
            }
            address[i] = (byte) octet;
        }
        return Optional.of(fromBytes(address));
    }

    /**
     * Reads an IPv6 address without brackets and zone, in any spelling of RFC 4291; empty for anything else. An
     * IPv4-mapped address comes back as the IPv4 address it stands for, as the Java platform does it.
     */
    static Optional<InetAddress> ipv6(String text) {
        if (text.indexOf(':') < 0 || !IPV6_CHARACTERS.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Either family, IPv6 with or without brackets. */
    static Optional<InetAddress> literal(String text) {
        if (text.startsWith("[") && text.endsWith("]")) {
            return ipv6(text.substring(1, text.length() - 1));
        }
        return text.indexOf(':') >= 0 ? ipv6(text) : ipv4(text);
    }

    /** An address without scope, in canonical text. */
    static String format(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == 4
                ? (bytes[0] & 0xff) + "." + (bytes[1] & 0xff) + "." + (bytes[2] & 0xff) + "." + (bytes[3] & 0xff)
                : formatIpv6(bytes);
    }

    /** As {@link #format}, but an IPv4 address is written as the IPv4-mapped IPv6 address. */
    static String formatAsIpv6(InetAddress address) {
        if (!(address instanceof Inet4Address)) {
            return format(address);
        }
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        System.arraycopy(address.getAddress(), 0, mapped, 12, 4);
        return formatIpv6(mapped);
    }

    /** Whether the 16 bytes are in ::ffff:0:0/96, which {@link InetAddress} itself always shows as IPv4. */
    static boolean isIpv4Mapped(byte[] address) {
        return address.length == 16
                && Arrays.equals(address, 0, 10, new byte[10], 0, 10)
                && address[10] == (byte) 0xff
                && address[11] == (byte) 0xff;
    }

    private static InetAddress fromBytes(byte[] address) {
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("thrown for a wrong length only", e);
        }
    }

    /** The IPv6 serializer of the URL standard: the first longest run of two or more zero pieces is compressed. */
    private static String formatIpv6(byte[] bytes) {
        int[] pieces = new int[8];
        for (int i = 0; i < 8; i++) {
            pieces[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
        }
        int runStart = -1;
        int runLength = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && pieces[end] == 0) {
                end++;
            }
            if (end - i > runLength) {
                runStart = i;
                runLength = end - i;
            }
            i = Math.max(i, end - 1);
        }
        StringBuilder text = new StringBuilder(39);
        for (int i = 0; i < 8; i++) {
            if (i == runStart) {
                text.append(i == 0 ? "::" : ":");
                i += runLength - 1;
                continue;
            }
            text.append(Integer.toHexString(pieces[i]));
            if (i < 7) {
                text.append(':');
            }
        }
        return text.toString();
    }
}

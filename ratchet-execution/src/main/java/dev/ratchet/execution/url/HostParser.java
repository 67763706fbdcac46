package dev.ratchet.execution.url;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.graalvm.shadowed.com.ibm.icu.text.IDNA;
import org.jspecify.annotations.Nullable;

/**
 * The <a href="https://url.spec.whatwg.org/#host-parsing">host parser and serialiser</a> of the URL Standard. A host
 * is kept in its serialised form, which is unambiguous: only IPv6 addresses have brackets.
 */
final class HostParser {

    /** What the Standard's "domain to ASCII" (not strict) tolerates of what the library reports. */
    private static final Set<IDNA.Error> TOLERATED = EnumSet.of(
            IDNA.Error.EMPTY_LABEL,
            IDNA.Error.LABEL_TOO_LONG,
            IDNA.Error.DOMAIN_NAME_TOO_LONG,
            IDNA.Error.LEADING_HYPHEN,
            IDNA.Error.TRAILING_HYPHEN,
            IDNA.Error.HYPHEN_3_4);

    /** Far above what DNS can hold; punycode takes time in the square of the length. */
    private static final int MAX_INTERNATIONAL_CHARS = 4_096;

    private static final String FORBIDDEN_HOST = "\0\t\n\r #/:<>?@[\\]^|";

    private HostParser() {}

    /**
     * Parses a host.
     *
     * @param special whether the URL's scheme is a special one
     * @return the serialised host, or null if it is not valid
     */
    static @Nullable String parse(String input, boolean special) {
        if (input.startsWith("[")) {
            if (!input.endsWith("]")) {
                return null;
            }
            int[] pieces = ipv6(input.substring(1, input.length() - 1));
            return pieces == null ? null : "[" + serialize(pieces) + "]";
        }
        if (!special) {
            return opaque(input);
        }
        String ascii = toAscii(PercentEncoding.decode(input));
        if (ascii == null || ascii.isEmpty()) {
            return null;
        }
        for (int i = 0; i < ascii.length(); i++) {
            char c = ascii.charAt(i);
            if (c <= 0x1f || c == 0x7f || c == '%' || FORBIDDEN_HOST.indexOf(c) >= 0) {
                return null;
            }
        }
        if (endsInNumber(ascii)) {
            long address = ipv4(ascii);
            return address < 0 ? null : serializeIpv4(address);
        }
        return ascii;
    }

    private static @Nullable String opaque(String input) {
        for (int i = 0; i < input.length(); i++) {
            if (FORBIDDEN_HOST.indexOf(input.charAt(i)) >= 0) {
                return null;
            }
        }
        return PercentEncoding.C0_CONTROL.encode(input);
    }

    private static @Nullable String toAscii(String domain) {
        // Punycode already in the input is not checked: such a name exists or it does not.
        if (isAscii(domain)) {
            return domain.toLowerCase(Locale.ROOT);
        }
        if (domain.length() > MAX_INTERNATIONAL_CHARS) {
            return null;
        }
        // A lone surrogate cannot come from decoding UTF-8, only from unencoded input; the Standard's input has none.
        var info = new IDNA.Info();
        var out = new StringBuilder();
        Idna.UTS46.nameToASCII(domain, out, info);
        for (var error : info.getErrors()) {
            if (!TOLERATED.contains(error)) {
                return null;
            }
        }
        return out.toString();
    }

    private static boolean isAscii(String domain) {
        for (int i = 0; i < domain.length(); i++) {
            if (domain.charAt(i) > 0x7f) {
                return false;
            }
        }
        return true;
    }

    // ---- IPv4

    private static boolean endsInNumber(String host) {
        var parts = new ArrayList<>(List.of(host.split("\\.", -1)));
        if (parts.getLast().isEmpty()) {
            if (parts.size() == 1) {
                return false;
            }
            parts.removeLast();
        }
        String last = parts.getLast();
        if (!last.isEmpty() && last.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return true;
        }
        return ipv4Number(last) != INVALID;
    }

    private static final long INVALID = -1;
    /** Larger than any address, and what every number too long to count is taken for. */
    private static final long HUGE = 1L << 40;

    private static long ipv4(String host) {
        var parts = new ArrayList<>(List.of(host.split("\\.", -1)));
        if (parts.getLast().isEmpty() && parts.size() > 1) {
            parts.removeLast();
        }
        if (parts.size() > 4) {
            return INVALID;
        }
        long address = 0;
        for (int i = 0; i < parts.size(); i++) {
            long number = ipv4Number(parts.get(i));
            if (number == INVALID) {
                return INVALID;
            }
            boolean last = i == parts.size() - 1;
            if (last) {
                if (number >= 1L << (8 * (5 - parts.size()))) {
                    return INVALID;
                }
                address += number;
            } else {
                if (number > 255) {
                    return INVALID;
                }
                address += number << (8 * (3 - i));
            }
        }
        return address;
    }

    private static long ipv4Number(String part) {
        if (part.isEmpty()) {
            return INVALID;
        }
        int radix = 10;
        String digits = part;
        if (part.length() >= 2 && (part.startsWith("0x") || part.startsWith("0X"))) {
            radix = 16;
            digits = part.substring(2);
        } else if (part.length() >= 2 && part.startsWith("0")) {
            radix = 8;
            digits = part.substring(1);
        }
        long value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = PercentEncoding.hex(digits.charAt(i));
            if (digit < 0 || digit >= radix) {
                return INVALID;
            }
            value = Math.min(value * radix + digit, HUGE);
        }
        return value;
    }

    private static String serializeIpv4(long address) {
        return ((address >> 24) & 255) + "." + ((address >> 16) & 255) + "." + ((address >> 8) & 255) + "."
                + (address & 255);
    }

    // ---- IPv6

    private static int @Nullable [] ipv6(String input) {
        int[] address = new int[8];
        int piece = 0;
        int compress = -1;
        int p = 0;
        int end = input.length();
        if (p < end && input.charAt(p) == ':') {
            if (!input.startsWith("::")) {
                return null;
            }
            p = 2;
            piece = 1;
            compress = 1;
        }
        while (p < end) {
            if (piece == 8) {
                return null;
            }
            if (input.charAt(p) == ':') {
                if (compress >= 0) {
                    return null;
                }
                p++;
                piece++;
                compress = piece;
                continue;
            }
            int value = 0;
            int length = 0;
            while (length < 4 && p < end && PercentEncoding.hex(input.charAt(p)) >= 0) {
                value = value * 16 + PercentEncoding.hex(input.charAt(p));
                p++;
                length++;
            }
            if (p < end && input.charAt(p) == '.') {
                if (length == 0 || piece > 6) {
                    return null;
                }
                if (!embeddedIpv4(input, p - length, address, piece)) {
                    return null;
                }
                piece += 2;
                break;
            }
            if (p < end && input.charAt(p) == ':') {
                p++;
                if (p == end) {
                    return null;
                }
            } else if (p < end) {
                return null;
            }
            address[piece++] = value;
        }
        if (compress >= 0) {
            int swaps = piece - compress;
            piece = 7;
            while (piece != 0 && swaps > 0) {
                int other = compress + swaps - 1;
                int held = address[piece];
                address[piece] = address[other];
                address[other] = held;
                piece--;
                swaps--;
            }
        } else if (piece != 8) {
            return null;
        }
        return address;
    }

    /** Reads a dotted IPv4 address that must run to the end into two pieces. */
    private static boolean embeddedIpv4(String input, int from, int[] address, int piece) {
        int p = from;
        int seen = 0;
        while (p < input.length()) {
            if (seen > 0) {
                if (input.charAt(p) != '.' || seen == 4) {
                    return false;
                }
                p++;
            }
            int value = -1;
            while (p < input.length() && input.charAt(p) >= '0' && input.charAt(p) <= '9') {
                int digit = input.charAt(p) - '0';
                if (value == 0) {
                    return false;
                }
                value = value < 0 ? digit : value * 10 + digit;
                if (value > 255) {
                    return false;
                }
                p++;
            }
            if (value < 0) {
                return false;
            }
            address[piece + seen / 2] = address[piece + seen / 2] * 256 + value;
            seen++;
        }
        return seen == 4;
    }

    private static String serialize(int[] pieces) {
        int compress = -1;
        int longest = 1;
        for (int i = 0; i < 8; i++) {
            int length = 0;
            while (i + length < 8 && pieces[i + length] == 0) {
                length++;
            }
            if (length > longest) {
                longest = length;
                compress = i;
            }
            i += length;
        }
        var out = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == compress) {
                out.append(i == 0 ? "::" : ":");
                i += longest - 1;
                continue;
            }
            out.append(Integer.toHexString(pieces[i]));
            if (i < 7) {
                out.append(':');
            }
        }
        return out.toString();
    }

    /** Holds the library's tables, which only a name beyond ASCII needs. */
    private static final class Idna {
        // The engine brings this copy of ICU along anyway; a second one would cost every worker its tables again.
        static final IDNA UTS46 = IDNA.getUTS46Instance(IDNA.CHECK_BIDI
                | IDNA.CHECK_CONTEXTJ
                | IDNA.NONTRANSITIONAL_TO_ASCII
                | IDNA.NONTRANSITIONAL_TO_UNICODE);

        private Idna() {}
    }
}

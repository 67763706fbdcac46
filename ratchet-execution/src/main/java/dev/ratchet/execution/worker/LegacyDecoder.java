package dev.ratchet.execution.worker;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;

/**
 * The encodings of the <a href="https://encoding.spec.whatwg.org/#names-and-labels">Encoding Standard</a> that the
 * engine's own decoder lacks, on the JDK's charsets. Keeps what is left of a cut character between calls.
 */
final class LegacyDecoder {

    /** Each encoding: its name in the Standard, the JDK's charset, and its labels. The engine decodes the utf-* ones. */
    private static final String[][] TABLE = {
        {"utf-8", "UTF-8", "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8"},
        {"utf-16le", "UTF-16LE", "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le"},
        {"utf-16be", "UTF-16BE", "unicodefffe utf-16be"},
        {"ibm866", "IBM866", "866 cp866 csibm866 ibm866"},
        {
            "iso-8859-2",
            "ISO-8859-2",
            "csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2"
        },
        {
            "iso-8859-3",
            "ISO-8859-3",
            "csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3"
        },
        {
            "iso-8859-4",
            "ISO-8859-4",
            "csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4"
        },
        {
            "iso-8859-5",
            "ISO-8859-5",
            "csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988"
        },
        {
            "iso-8859-7",
            "ISO-8859-7",
            "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 sun_eu_greek"
        },
        {
            "iso-8859-8",
            "ISO-8859-8",
            "csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 visual"
        },
        {"iso-8859-13", "ISO-8859-13", "iso-8859-13 iso8859-13 iso885913"},
        {"iso-8859-15", "ISO-8859-15", "csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9"},
        {"koi8-r", "KOI8-R", "cskoi8r koi koi8 koi8-r koi8_r"},
        {"koi8-u", "KOI8-U", "koi8-ru koi8-u"},
        {"windows-874", "x-windows-874", "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874"},
        {"windows-1250", "windows-1250", "cp1250 windows-1250 x-cp1250"},
        {"windows-1251", "windows-1251", "cp1251 windows-1251 x-cp1251"},
        {
            "windows-1252",
            "windows-1252",
            "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252"
        },
        {"windows-1253", "windows-1253", "cp1253 windows-1253 x-cp1253"},
        {
            "windows-1254",
            "windows-1254",
            "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 windows-1254 x-cp1254"
        },
        {"windows-1255", "windows-1255", "cp1255 windows-1255 x-cp1255"},
        {"windows-1256", "windows-1256", "cp1256 windows-1256 x-cp1256"},
        {"windows-1257", "windows-1257", "cp1257 windows-1257 x-cp1257"},
        {"windows-1258", "windows-1258", "cp1258 windows-1258 x-cp1258"},
        {"gbk", "GB18030", "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk"},
        {"gb18030", "GB18030", "gb18030"},
        {"big5", "Big5-HKSCS", "big5 big5-hkscs cn-big5 csbig5 x-x-big5"},
        {"euc-jp", "EUC-JP", "cseucpkdfmtjapanese euc-jp x-euc-jp"},
        {"shift_jis", "windows-31j", "csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis"},
        {
            "euc-kr",
            "x-windows-949",
            "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949"
        },
    };

    private final String name;
    private final CharsetDecoder decoder;
    private final boolean fatal;
    private byte[] left = new byte[0];

    private LegacyDecoder(String name, Charset charset, boolean fatal) {
        this.name = name;
        this.fatal = fatal;
        var action = fatal ? CodingErrorAction.REPORT : CodingErrorAction.REPLACE;
        this.decoder = charset.newDecoder()
                .onMalformedInput(action)
                .onUnmappableCharacter(action)
                .replaceWith("\ufffd");
    }

    /**
     * A decoder as a function of the guest: {@code ('name')} or {@code ('decode', buffer, offset, length, stream)},
     * the latter null for malformed bytes when fatal.
     *
     * @return null if the label names no encoding known here
     */
    static @Nullable ProxyExecutable of(
            String label, boolean fatal, Function<PreludeRealm.HostFunction, ProxyExecutable> guard) {
        String[] found = Labels.BY_LABEL.get(label.strip().toLowerCase(Locale.ROOT));
        if (found == null || !Charset.isSupported(found[1])) {
            return null;
        }
        var decoder = new LegacyDecoder(found[0], Charset.forName(found[1]), fatal);
        return guard.apply(args -> switch (args[0].asString()) {
            case "name" -> decoder.name;
            case "decode" -> decoder.decode(args);
            default -> throw new IllegalArgumentException("a decoder has no " + args[0]);
        });
    }

    private @Nullable String decode(Value... args) {
        byte[] bytes = PreludeRealm.bytes(args, 1);
        boolean stream = args[4].asBoolean();
        var in = ByteBuffer.allocate(left.length + bytes.length)
                .put(left)
                .put(bytes)
                .flip();
        var out = CharBuffer.allocate((int) (in.remaining() * (double) decoder.maxCharsPerByte()) + 16);
        try {
            CoderResult result = decoder.decode(in, out, !stream);
            if (result.isError()) {
                result.throwException();
            }
            if (!stream) {
                decoder.flush(out);
            }
        } catch (CharacterCodingException malformed) {
            left = new byte[0];
            decoder.reset();
            if (fatal) {
                return null;
            }
            throw new IllegalStateException("the decoder of " + name + " reported what it was to replace", malformed);
        }
        left = new byte[stream ? in.remaining() : 0];
        if (stream) {
            in.get(left);
        } else {
            decoder.reset();
        }
        return singleByteControls(out.flip().toString(), bytes);
    }

    /** The Standard maps the five holes of windows-1252 to control characters, the JDK to nothing. */
    private String singleByteControls(String text, byte[] bytes) {
        if (!name.equals("windows-1252") || text.length() != bytes.length || text.indexOf('\ufffd') < 0) {
            return text;
        }
        var chars = text.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            if (chars[i] == '\ufffd') {
                chars[i] = (char) (bytes[i] & 0xff);
            }
        }
        return new String(chars);
    }

    /** Built when the first decoder is. */
    private static final class Labels {
        static final Map<String, String[]> BY_LABEL = new HashMap<>();

        static {
            for (String[] row : TABLE) {
                for (String label : row[2].split(" ")) {
                    BY_LABEL.put(label, row);
                }
            }
        }

        private Labels() {}
    }
}

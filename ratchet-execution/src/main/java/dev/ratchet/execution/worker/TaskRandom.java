package dev.ratchet.execution.worker;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Every random value of a run, decided by its seed. Bytes, which may become keys, are the key stream of AES-256 in
 * counter mode; numbers for {@code Math.random} come from xoshiro256++ (Blackman and Vigna). The two streams have
 * separate keys, so that what a task draws from one tells nothing of the other.
 */
final class TaskRandom {
    private final String seed;
    private long @Nullable [] state;
    private @Nullable Cipher cipher;

    TaskRandom(String seed) {
        this.seed = seed;
    }

    /** From 0 (inclusive) to 1 (exclusive). */
    double nextDouble() {
        long[] s = state;
        if (s == null) {
            s = new long[4];
            ByteBuffer.wrap(derive("numbers")).asLongBuffer().get(s);
            state = s;
        }
        long result = Long.rotateLeft(s[0] + s[3], 23) + s[0];
        long t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = Long.rotateLeft(s[3], 45);
        return (result >>> 11) * 0x1.0p-53;
    }

    /** Fills {@code target}. */
    void nextBytes(byte[] target) {
        try {
            Cipher stream = cipher;
            if (stream == null) {
                stream = Cipher.getInstance("AES/CTR/NoPadding");
                stream.init(
                        Cipher.ENCRYPT_MODE,
                        new SecretKeySpec(derive("bytes"), "AES"),
                        new IvParameterSpec(new byte[16]));
                cipher = stream;
            }
            // Encrypting zeros gives the key stream itself.
            Arrays.fill(target, (byte) 0);
            int written = stream.update(target, 0, target.length, target);
            if (written != target.length) {
                throw new IllegalStateException("key stream of " + written + " bytes instead of " + target.length);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES in counter mode: not provided by this Java runtime", e);
        }
    }

    private byte[] derive(String stream) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(stream.getBytes(StandardCharsets.US_ASCII));
            digest.update((byte) 0);
            return digest.digest(seed.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256: not provided by this Java runtime", e);
        }
    }
}

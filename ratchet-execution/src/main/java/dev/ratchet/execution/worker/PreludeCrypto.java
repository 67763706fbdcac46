package dev.ratchet.execution.worker;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;

/**
 * What {@code crypto.subtle} does, on the JDK's own providers. A key is a function of the guest's that answers by the
 * name of an operation; its material never enters the guest unless it is exported.
 */
final class PreludeCrypto {

    private static final int MAX_RSA_BITS = 16_384;

    private final Consumer<byte[]> random;
    private final Function<PreludeRealm.HostFunction, ProxyExecutable> guard;
    private final Function<byte[], ProxyExecutable> give;

    /**
     * Creates one for a context.
     *
     * @param random fills an array
     * @param guard makes a host function fit for the guest
     * @param give makes bytes readable by the guest
     */
    PreludeCrypto(
            Consumer<byte[]> random,
            Function<PreludeRealm.HostFunction, ProxyExecutable> guard,
            Function<byte[], ProxyExecutable> give) {
        this.random = random;
        this.guard = guard;
        this.give = give;
    }

    Object digest(String hash, byte[] data) {
        try {
            return give.apply(MessageDigest.getInstance(hash).digest(data));
        } catch (GeneralSecurityException e) {
            throw operation("digest", e);
        }
    }

    /** {@code (format, algorithm, hash or curve, buffer, offset, length)}, or for a JWK its fields as text or null. */
    Object importKey(Value... args) {
        String format = args[0].asString();
        String algorithm = args[1].asString();
        String detail = args[2].asString();
        try {
            Key key =
                    switch (format) {
                        case "jwk" -> fromJwk(algorithm, detail, new Jwk(args));
                        case "raw" -> fromRaw(algorithm, detail, PreludeRealm.bytes(args, 3));
                        case "spki" ->
                            publicKey(
                                    algorithm,
                                    detail,
                                    factory(algorithm, "spki")
                                            .generatePublic(new X509EncodedKeySpec(PreludeRealm.bytes(args, 3))));
                        case "pkcs8" ->
                            privateKey(
                                    algorithm,
                                    factory(algorithm, "pkcs8")
                                            .generatePrivate(new PKCS8EncodedKeySpec(PreludeRealm.bytes(args, 3))));
                        default -> throw new IllegalArgumentException("no key format " + format);
                    };
            return key.forGuest();
        } catch (GeneralSecurityException e) {
            throw new GuestError("DataError", "importKey: not a valid " + algorithm + " key in the format " + format);
        }
    }

    /** {@code (algorithm, bits)}. */
    Object generateKey(Value... args) {
        String algorithm = args[0].asString();
        double bits = args[1].asDouble();
        if (algorithm.equals("AES-GCM") && bits != 128 && bits != 192 && bits != 256) {
            throw new GuestError("OperationError", "generateKey: an AES key has a length of 128, 192 or 256");
        }
        if (!(bits >= 8 && bits <= 65_536 && bits % 8 == 0)) {
            throw new GuestError("OperationError", "generateKey: the length must be a multiple of 8 from 8 to 65536");
        }
        byte[] material = new byte[(int) bits / 8];
        random.accept(material);
        return new SecretKeyMaterial(algorithm, "", material).forGuest();
    }

    // ---- import

    private Key fromRaw(String algorithm, String detail, byte[] material) throws GeneralSecurityException {
        return switch (algorithm) {
            case "HMAC", "AES-GCM" -> secret(algorithm, detail, material);
            case "ECDSA" -> {
                int size = coordinateBytes(detail);
                if (material.length != 1 + 2 * size || material[0] != 4) {
                    throw new GuestError(
                            "DataError",
                            "importKey: a raw " + detail + " key is 04 and two numbers of " + size + " bytes");
                }
                yield ecPublic(
                        detail, new BigInteger(1, material, 1, size), new BigInteger(1, material, 1 + size, size));
            }
            default -> throw new GuestError("NotSupportedError", "importKey: " + algorithm + " has no raw keys");
        };
    }

    private Key secret(String algorithm, String detail, byte[] material) {
        if (algorithm.equals("AES-GCM") && material.length != 16 && material.length != 24 && material.length != 32) {
            throw new GuestError("DataError", "importKey: an AES key has 16, 24 or 32 bytes, not " + material.length);
        }
        if (material.length == 0) {
            throw new GuestError("DataError", "importKey: the key is empty");
        }
        return new SecretKeyMaterial(algorithm, detail, material);
    }

    private Key fromJwk(String algorithm, String detail, Jwk jwk) throws GeneralSecurityException {
        return switch (algorithm) {
            case "HMAC", "AES-GCM" -> {
                jwk.expect("oct");
                yield secret(algorithm, detail, jwk.bytes("k", jwk.k));
            }
            case "ECDSA" -> ecFromJwk(detail, jwk);
            default -> rsaFromJwk(algorithm, detail, jwk);
        };
    }

    private Key ecFromJwk(String curve, Jwk jwk) throws GeneralSecurityException {
        jwk.expect("EC");
        if (!curve.equals(jwk.crv)) {
            throw new GuestError("DataError", "importKey: the JWK's crv is not " + curve);
        }
        if (jwk.d != null) {
            throw useless("ECDSA");
        }
        return ecPublic(curve, jwk.number("x", jwk.x), jwk.number("y", jwk.y));
    }

    private Key rsaFromJwk(String algorithm, String hash, Jwk jwk) throws GeneralSecurityException {
        jwk.expect("RSA");
        BigInteger modulus = jwk.number("n", jwk.n);
        BigInteger exponent = jwk.number("e", jwk.e);
        if (modulus.bitLength() > MAX_RSA_BITS) {
            throw tooLong();
        }
        var factory = KeyFactory.getInstance("RSA");
        if (jwk.d == null) {
            return publicKey(algorithm, hash, factory.generatePublic(new RSAPublicKeySpec(modulus, exponent)));
        }
        return privateKey(
                algorithm,
                factory.generatePrivate(new RSAPrivateCrtKeySpec(
                        modulus,
                        exponent,
                        jwk.number("d", jwk.d),
                        jwk.number("p", jwk.p),
                        jwk.number("q", jwk.q),
                        jwk.number("dp", jwk.dp),
                        jwk.number("dq", jwk.dq),
                        jwk.number("qi", jwk.qi))));
    }

    private static GuestError useless(String algorithm) {
        return new GuestError(
                "NotSupportedError",
                "importKey: a private " + algorithm + " key is of no use, only RSASSA-PKCS1-v1_5 keys sign here");
    }

    private static KeyFactory factory(String algorithm, String format) throws GeneralSecurityException {
        return switch (algorithm) {
            case "ECDSA" -> KeyFactory.getInstance("EC");
            case "RSASSA-PKCS1-v1_5", "RSA-PSS" -> KeyFactory.getInstance("RSA");
            default ->
                throw new GuestError(
                        "NotSupportedError", "importKey: " + algorithm + " has no keys in the format " + format);
        };
    }

    private Key publicKey(String algorithm, String detail, PublicKey key) throws GeneralSecurityException {
        if (key instanceof ECPublicKey ec) {
            if (ec.getParams().getCurve().getField().getFieldSize() != curveBits(detail)
                    || !ec.getParams().getOrder().equals(parameters(detail).getOrder())) {
                throw new GuestError("DataError", "importKey: the key is not on the curve " + detail);
            }
            return ecPublic(detail, ec.getW().getAffineX(), ec.getW().getAffineY());
        }
        var rsa = (RSAPublicKey) key;
        if (rsa.getModulus().bitLength() > MAX_RSA_BITS) {
            throw tooLong();
        }
        return new VerifyingKey(algorithm, rsa, rsa.getModulus().bitLength(), rsa.getPublicExponent());
    }

    private Key privateKey(String algorithm, PrivateKey key) {
        if (!algorithm.equals("RSASSA-PKCS1-v1_5")) {
            throw useless(algorithm);
        }
        int bits = ((RSAKey) key).getModulus().bitLength();
        if (bits > MAX_RSA_BITS) {
            throw tooLong();
        }
        var exponent = key instanceof RSAPrivateCrtKey crt ? crt.getPublicExponent() : BigInteger.ZERO;
        return new SigningKey(key, bits, exponent);
    }

    private static GuestError tooLong() {
        return new GuestError("DataError", "importKey: an RSA key may have at most " + MAX_RSA_BITS + " bits");
    }

    private Key ecPublic(String curve, BigInteger x, BigInteger y) throws GeneralSecurityException {
        ECParameterSpec parameters = parameters(curve);
        BigInteger p = ((ECFieldFp) parameters.getCurve().getField()).getP();
        BigInteger right = x.pow(3)
                .add(parameters.getCurve().getA().multiply(x))
                .add(parameters.getCurve().getB())
                .mod(p);
        if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0 || !y.pow(2).mod(p).equals(right)) {
            throw new GuestError("DataError", "importKey: the point is not on the curve " + curve);
        }
        PublicKey key = KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(new ECPoint(x, y), parameters));
        return new VerifyingKey("ECDSA", key, curveBits(curve), BigInteger.ZERO);
    }

    private static ECParameterSpec parameters(String curve) throws GeneralSecurityException {
        var parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec("secp" + curveBits(curve) + "r1"));
        return parameters.getParameterSpec(ECParameterSpec.class);
    }

    private static int curveBits(String curve) {
        return switch (curve) {
            case "P-256" -> 256;
            case "P-384" -> 384;
            case "P-521" -> 521;
            default -> throw new IllegalArgumentException("no curve " + curve);
        };
    }

    private static int coordinateBytes(String curve) {
        return (curveBits(curve) + 7) / 8;
    }

    private static String digits(String hash) {
        return hash.replace("-", "");
    }

    private static GuestError operation(String what, GeneralSecurityException cause) {
        var error = new GuestError("OperationError", what + ": " + cause.getMessage());
        error.initCause(cause);
        return error;
    }

    private static GuestError cannot(String operation) {
        return new GuestError("NotSupportedError", "this key cannot " + operation);
    }

    // ---- keys

    /** A key as a set of operations. */
    private abstract class Key {

        abstract String type();

        abstract int bits();

        BigInteger exponent() {
            return BigInteger.ZERO;
        }

        abstract byte[] export(String format);

        byte[] sign(String hash, byte[] data) throws GeneralSecurityException {
            throw cannot("sign");
        }

        boolean verify(String hash, int saltLength, byte[] signature, byte[] data) throws GeneralSecurityException {
            throw cannot("verify");
        }

        byte[] cipher(int mode, int tagBits, byte[] iv, byte[] extra, byte[] data) throws GeneralSecurityException {
            throw cannot("encrypt");
        }

        final ProxyExecutable forGuest() {
            return guard.apply(this::answer);
        }

        private @Nullable Object answer(Value... args) {
            String operation = args[0].asString();
            try {
                return switch (operation) {
                    case "type" -> type();
                    case "bits" -> bits();
                    case "exponent" -> give.apply(unsigned(exponent()));
                    case "export" -> give.apply(export(args[1].asString()));
                    case "sign" -> give.apply(sign(args[1].asString(), PreludeRealm.bytes(args, 2)));
                    case "verify" ->
                        verify(
                                args[1].asString(),
                                args[2].asInt(),
                                PreludeRealm.bytes(args, 3),
                                PreludeRealm.bytes(args, 6));
                    case "encrypt", "decrypt" ->
                        give.apply(cipher(
                                operation.equals("encrypt") ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE,
                                tagBits(args[1].asDouble()),
                                PreludeRealm.bytes(args, 2),
                                PreludeRealm.bytes(args, 5),
                                PreludeRealm.bytes(args, 8)));
                    default -> throw new IllegalArgumentException("a key has no " + operation);
                };
            } catch (GeneralSecurityException e) {
                throw operation(operation, e);
            }
        }

        private static int tagBits(double bits) {
            if (bits == 128 || bits == 120 || bits == 112 || bits == 104 || bits == 96) {
                return (int) bits;
            }
            throw new GuestError("OperationError", "AES-GCM: tagLength must be 96, 104, 112, 120 or 128");
        }
    }

    private final class SecretKeyMaterial extends Key {
        private final String algorithm;
        private final String hash;
        private final byte[] material;

        SecretKeyMaterial(String algorithm, String hash, byte[] material) {
            this.algorithm = algorithm;
            this.hash = hash;
            this.material = material;
        }

        @Override
        String type() {
            return "secret";
        }

        @Override
        int bits() {
            return material.length * 8;
        }

        @Override
        byte[] export(String format) {
            return switch (format) {
                case "raw" -> material.clone();
                case "jwk" ->
                    PreludeRealm.utf8("{\"kty\":\"oct\",\"k\":\""
                            + Base64.getUrlEncoder().withoutPadding().encodeToString(material)
                            + "\"" + name() + "}");
                default ->
                    throw new GuestError(
                            "NotSupportedError", "exportKey: a secret key has the formats 'raw' and 'jwk'");
            };
        }

        private String name() {
            if (algorithm.equals("AES-GCM")) {
                return ",\"alg\":\"A" + bits() + "GCM\"";
            }
            return switch (hash) {
                case "SHA-1" -> ",\"alg\":\"HS1\"";
                case "SHA-256", "SHA-384", "SHA-512" -> ",\"alg\":\"HS" + hash.substring(4) + "\"";
                default -> "";
            };
        }

        @Override
        byte[] sign(String hash, byte[] data) throws GeneralSecurityException {
            String mac = "Hmac" + digits(hash);
            var code = Mac.getInstance(mac);
            code.init(new SecretKeySpec(material, mac));
            return code.doFinal(data);
        }

        @Override
        boolean verify(String hash, int saltLength, byte[] signature, byte[] data) throws GeneralSecurityException {
            return MessageDigest.isEqual(sign(hash, data), signature);
        }

        @Override
        byte[] cipher(int mode, int tagBits, byte[] iv, byte[] extra, byte[] data) throws GeneralSecurityException {
            if (iv.length == 0) {
                throw new GuestError("OperationError", "AES-GCM: algorithm.iv is empty; 12 random bytes are right");
            }
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, new SecretKeySpec(material, "AES"), new GCMParameterSpec(tagBits, iv));
            cipher.updateAAD(extra);
            return cipher.doFinal(data);
        }
    }

    private final class VerifyingKey extends Key {
        private final String algorithm;
        private final PublicKey key;
        private final int bits;
        private final BigInteger exponent;

        VerifyingKey(String algorithm, PublicKey key, int bits, BigInteger exponent) {
            this.algorithm = algorithm;
            this.key = key;
            this.bits = bits;
            this.exponent = exponent;
        }

        @Override
        String type() {
            return "public";
        }

        @Override
        int bits() {
            return bits;
        }

        @Override
        BigInteger exponent() {
            return exponent;
        }

        @Override
        byte[] export(String format) {
            return switch (format) {
                case "spki" -> key.getEncoded();
                case "jwk" -> PreludeRealm.utf8(jwk());
                default ->
                    throw new GuestError(
                            "NotSupportedError", "exportKey: a public key has the formats 'spki' and 'jwk'");
            };
        }

        private String jwk() {
            var base64 = Base64.getUrlEncoder().withoutPadding();
            if (key instanceof ECPublicKey ec) {
                int size = (bits + 7) / 8;
                return "{\"kty\":\"EC\",\"crv\":\"P-" + bits + "\",\"x\":\""
                        + base64.encodeToString(padded(ec.getW().getAffineX(), size)) + "\",\"y\":\""
                        + base64.encodeToString(padded(ec.getW().getAffineY(), size)) + "\"}";
            }
            var rsa = (RSAPublicKey) key;
            return "{\"kty\":\"RSA\",\"n\":\"" + base64.encodeToString(unsigned(rsa.getModulus())) + "\",\"e\":\""
                    + base64.encodeToString(unsigned(rsa.getPublicExponent())) + "\"}";
        }

        @Override
        boolean verify(String hash, int saltLength, byte[] signature, byte[] data) throws GeneralSecurityException {
            Signature verifier;
            switch (algorithm) {
                case "ECDSA" -> verifier = Signature.getInstance(digits(hash) + "withECDSAinP1363Format");
                case "RSASSA-PKCS1-v1_5" -> verifier = Signature.getInstance(digits(hash) + "withRSA");
                case "RSA-PSS" -> {
                    verifier = Signature.getInstance("RSASSA-PSS");
                    verifier.setParameter(
                            new PSSParameterSpec(hash, "MGF1", new MGF1ParameterSpec(hash), saltLength, 1));
                }
                default -> throw cannot("verify");
            }
            try {
                verifier.initVerify(key);
                verifier.update(data);
                return verifier.verify(signature);
            } catch (SignatureException | InvalidKeyException notASignature) {
                // Of the wrong length or shape, so not this key's signature of anything.
                return false;
            }
        }
    }

    private final class SigningKey extends Key {
        private final PrivateKey key;
        private final int bits;
        private final BigInteger exponent;

        SigningKey(PrivateKey key, int bits, BigInteger exponent) {
            this.key = key;
            this.bits = bits;
            this.exponent = exponent;
        }

        @Override
        String type() {
            return "private";
        }

        @Override
        int bits() {
            return bits;
        }

        @Override
        BigInteger exponent() {
            return exponent;
        }

        @Override
        byte[] export(String format) {
            if (format.equals("pkcs8")) {
                return key.getEncoded();
            }
            throw new GuestError("NotSupportedError", "exportKey: a private key has the format 'pkcs8'");
        }

        @Override
        byte[] sign(String hash, byte[] data) throws GeneralSecurityException {
            var signer = Signature.getInstance(digits(hash) + "withRSA");
            signer.initSign(key);
            signer.update(data);
            return signer.sign();
        }
    }

    private static byte[] unsigned(BigInteger number) {
        return padded(number, (number.bitLength() + 7) / 8);
    }

    private static byte[] padded(BigInteger number, int size) {
        byte[] twos = number.toByteArray();
        byte[] result = new byte[size];
        int length = Math.min(twos.length, size);
        System.arraycopy(twos, twos.length - length, result, size - length, length);
        return result;
    }

    /** The fields of a JSON Web Key (RFC 7517) that matter here, each null if absent. */
    private static final class Jwk {
        private final @Nullable String kty;
        final @Nullable String crv;
        final @Nullable String k;
        final @Nullable String n;
        final @Nullable String e;
        final @Nullable String x;
        final @Nullable String y;
        final @Nullable String d;
        final @Nullable String p;
        final @Nullable String q;
        final @Nullable String dp;
        final @Nullable String dq;
        final @Nullable String qi;

        Jwk(Value... args) {
            int i = 3;
            kty = text(args[i++]);
            crv = text(args[i++]);
            k = text(args[i++]);
            n = text(args[i++]);
            e = text(args[i++]);
            x = text(args[i++]);
            y = text(args[i++]);
            d = text(args[i++]);
            p = text(args[i++]);
            q = text(args[i++]);
            dp = text(args[i++]);
            dq = text(args[i++]);
            qi = text(args[i]);
        }

        private static @Nullable String text(Value value) {
            return value.isNull() ? null : value.asString();
        }

        void expect(String type) {
            if (!type.equals(kty)) {
                throw new GuestError("DataError", "importKey: the JWK's kty must be " + type);
            }
        }

        byte[] bytes(String field, @Nullable String value) {
            if (value == null) {
                throw new GuestError("DataError", "importKey: the JWK has no " + field);
            }
            try {
                return Base64.getUrlDecoder().decode(value);
            } catch (IllegalArgumentException notBase64) {
                throw new GuestError("DataError", "importKey: the JWK's " + field + " is not base64url");
            }
        }

        BigInteger number(String field, @Nullable String value) {
            return new BigInteger(1, bytes(field, value));
        }
    }
}

package dev.ratchet.execution.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** {@code crypto}, against published vectors and against the JDK as the other side. */
class PreludeCryptoTest {

    @Test
    void digestWhenComputedMatchesVectors() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const hex = (b) => [...new Uint8Array(b)].map((x) => x.toString(16).padStart(2, '0')).join(''); const utf8 = (s) => new TextEncoder().encode(s); const un64 = (s) => Uint8Array.from(atob(s), (c) => c.charCodeAt(0));
                    const r = []; for (const name of ['SHA-1', 'sha-256', { name: 'SHA-384' }, 'SHA-512']) r.push(hex(await crypto.subtle.digest(name, utf8('abc'))).slice(0, 16));
                    return r;
                    """))
                    .isEqualTo("[\"a9993e364706816a\",\"ba7816bf8f01cfea\",\"cb00753f45a35e8b\",\"ddaf35a193617aba\"]");
        }
    }

    @Test
    void hmacWhenSignedMatchesVectorAndVerifies() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const hex = (b) => [...new Uint8Array(b)].map((x) => x.toString(16).padStart(2, '0')).join(''); const utf8 = (s) => new TextEncoder().encode(s); const un64 = (s) => Uint8Array.from(atob(s), (c) => c.charCodeAt(0));
                    const data = utf8('what do ya want for nothing?');
                    const key = await crypto.subtle.importKey('raw', utf8('Jefe'), { name: 'HMAC', hash: 'SHA-256' }, true, ['sign', 'verify']);
                    const mark = await crypto.subtle.sign('HMAC', key, data);
                    const jwk = await crypto.subtle.exportKey('jwk', key); const again = await crypto.subtle.importKey('jwk', jwk, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
                    return [hex(mark), await crypto.subtle.verify('HMAC', again, mark, data), await crypto.subtle.verify('HMAC', again, mark, utf8('other')), jwk, key.algorithm, key.usages, key.type, hex(await crypto.subtle.exportKey('raw', key))];
                    """))
                    .isEqualTo(
                            "[\"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843\",true,false,{\"kty\":\"oct\",\"k\":\"SmVmZQ\",\"alg\":\"HS256\",\"key_ops\":[\"sign\",\"verify\"],\"ext\":true},{\"name\":\"HMAC\",\"hash\":{\"name\":\"SHA-256\"},\"length\":32},[\"sign\",\"verify\"],\"secret\",\"4a656665\"]");
        }
    }

    @Test
    void aesGcmWhenEncryptedMatchesVectorAndDecrypts() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const hex = (b) => [...new Uint8Array(b)].map((x) => x.toString(16).padStart(2, '0')).join(''); const utf8 = (s) => new TextEncoder().encode(s); const un64 = (s) => Uint8Array.from(atob(s), (c) => c.charCodeAt(0));
                    const key = await crypto.subtle.importKey('raw', new Uint8Array(16), 'AES-GCM', false, ['encrypt', 'decrypt']);
                    const iv = new Uint8Array(12);
                    const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new Uint8Array(16));
                    const extra = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: utf8('x'), tagLength: 96 }, key, utf8('hi'));
                    const open = (data, more) => crypto.subtle.decrypt({ name: 'AES-GCM', iv, ...more }, key, data).then(hex, (e) => e.name);
                    return [hex(sealed), await open(sealed), await open(extra, { additionalData: utf8('x'), tagLength: 96 }), await open(extra, { tagLength: 96 }), extra.byteLength];
                    """))
                    .isEqualTo(
                            "[\"0388dace60b6a392f328c2b971b2fe78ab6e47d42cec13bdf53a67b21257bddf\",\"00000000000000000000000000000000\",\"6869\",\"OperationError\",14]");
        }
    }

    @Test
    void keyWhenGeneratedComesFromTheHostsBytes() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const hex = (b) => [...new Uint8Array(b)].map((x) => x.toString(16).padStart(2, '0')).join(''); const utf8 = (s) => new TextEncoder().encode(s); const un64 = (s) => Uint8Array.from(atob(s), (c) => c.charCodeAt(0));
                    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 128 }, true, ['encrypt']);
                    const mac = await crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-512' }, true, ['sign']);
                    return [hex(await crypto.subtle.exportKey('raw', key)), mac.algorithm.length];
                    """)).isEqualTo("[\"000102030405060708090a0b0c0d0e0f\",1024]");
        }
    }

    @Test
    void subtleWhenMisusedSaysWhatIsWrong() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const key = await crypto.subtle.importKey('raw', new Uint8Array(16), 'AES-GCM', false, ['encrypt']);
                    const s = crypto.subtle; const name = (p) => p.then(() => 'none', (e) => e.name);
                    return [await name(s.exportKey('raw', key)), await name(s.decrypt({ name: 'AES-GCM', iv: new Uint8Array(12) }, key, new Uint8Array(16))), await name(s.digest('MD5', new Uint8Array(1))), await name(s.importKey('raw', new Uint8Array(5), 'AES-GCM', true, ['encrypt'])), await name(s.importKey('raw', new Uint8Array(16), 'AES-GCM', true, ['sign'])), await name(s.importKey('raw', new Uint8Array(16), 'AES-GCM', true, [])), await name(s.sign('HMAC', key, new Uint8Array(1))), await name(s.sign('HMAC', {}, new Uint8Array(1))), await name(s.digest('SHA-1', 'text')), await name(s.importKey('spki', new Uint8Array(3), { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify'])), await name(s.importKey('raw', new Uint8Array(65).fill(4), { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify'])), await name(s.encrypt({ name: 'AES-GCM', iv: new Uint8Array(0) }, key, new Uint8Array(1)))];
                    """))
                    .isEqualTo(
                            "[\"InvalidAccessError\",\"InvalidAccessError\",\"NotSupportedError\",\"DataError\",\"SyntaxError\",\"SyntaxError\",\"InvalidAccessError\",\"TypeError\",\"TypeError\",\"DataError\",\"DataError\",\"OperationError\"]");
        }
    }

    @Test
    void randomValuesWhenFilledTouchOnlyTheView() {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const b = new Uint8Array(8); const part = crypto.getRandomValues(b.subarray(2, 4));
                    const name = (f) => { try { f(); } catch (e) { return e.name; } };
                    return [[...b], part.length, name(() => crypto.getRandomValues(new Float32Array(1))), name(() => crypto.getRandomValues(new Uint8Array(65537))), name(() => crypto.getRandomValues([])), crypto instanceof Crypto, crypto.subtle instanceof SubtleCrypto];
                    """))
                    .isEqualTo(
                            "[[0,0,0,1,0,0,0,0],2,\"TypeMismatchError\",\"QuotaExceededError\",\"TypeMismatchError\",true,true]");
        }
    }

    @Test
    void signatureWhenMadeByTheJdkIsVerified() throws Exception {
        var data = "signed".getBytes(StandardCharsets.UTF_8);
        var rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        var ec = KeyPairGenerator.getInstance("EC");
        ec.initialize(new ECGenParameterSpec("secp384r1"));
        var curve = ec.generateKeyPair();
        var pss = Signature.getInstance("RSASSA-PSS");
        pss.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));

        assertVerified(
                rsa,
                sign(Signature.getInstance("SHA256withRSA"), rsa, data),
                "{name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256'}");
        assertVerified(rsa, sign(pss, rsa, data), "{name: 'RSA-PSS', hash: 'SHA-256', saltLength: 32}");
        assertVerified(
                curve,
                sign(Signature.getInstance("SHA384withECDSAinP1363Format"), curve, data),
                "{name: 'ECDSA', namedCurve: 'P-384', hash: 'SHA-384'}");
    }

    @Test
    void signatureWhenMadeByTaskIsTheJdks() throws Exception {
        var rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        var expected = sign(Signature.getInstance("SHA256withRSA"), rsa, "signed".getBytes(StandardCharsets.UTF_8));
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const bytes = Uint8Array.from(atob('%s'), (c) => c.charCodeAt(0));
                    const key = await crypto.subtle.importKey('pkcs8', bytes, { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, false, ['sign']);
                    const mark = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', key, new TextEncoder().encode('signed'));
                    return btoa(String.fromCharCode(...new Uint8Array(mark)));
                    """.formatted(base64(rsa.getPrivate().getEncoded()))))
                    .isEqualTo(base64(expected));
        }
    }

    private static byte[] sign(Signature signature, KeyPair pair, byte[] data) throws Exception {
        signature.initSign(pair.getPrivate());
        signature.update(data);
        return signature.sign();
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static void assertVerified(KeyPair pair, byte[] signature, String algorithm) {
        try (var guest = new GuestFixture()) {
            assertThat(guest.run("""
                    const bytes = (s) => Uint8Array.from(atob(s), (c) => c.charCodeAt(0));
                    const algorithm = %s; const mark = bytes('%s'); const data = new TextEncoder().encode('signed');
                    const key = await crypto.subtle.importKey('spki', bytes('%s'), algorithm, true, ['verify']);
                    const jwk = await crypto.subtle.exportKey('jwk', key);
                    const again = await crypto.subtle.importKey('jwk', jwk, algorithm, true, ['verify']);
                    const verify = (k, m, d) => crypto.subtle.verify(algorithm, k, m, d);
                    const wrong = mark.slice(); wrong[9] ^= 1;
                    return [await verify(key, mark, data), await verify(again, mark, data), await verify(key, wrong, data), await verify(key, mark.slice(1), data), await verify(key, mark, new Uint8Array(1)), key.type];
                    """.formatted(
                                    algorithm,
                                    base64(signature),
                                    base64(pair.getPublic().getEncoded()))))
                    .isEqualTo("[true,true,false,false,false,\"public\"]");
        }
    }
}

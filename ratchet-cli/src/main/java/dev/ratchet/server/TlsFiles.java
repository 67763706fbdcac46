package dev.ratchet.server;

import dev.ratchet.cli.config.ServerSettings.Tls;
import dev.ratchet.core.common.ErrorCode;
import dev.ratchet.core.common.RatchetException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.pem.PemContent;

/**
 * What the server proves itself with, read and checked before it starts, so that whoever has mixed up the files is told
 * so then and not by clients that cannot connect.
 *
 * @param certificates the server's certificate and its chain, as PEM
 * @param key the private key, as PEM
 */
record TlsFiles(String certificates, String key) {
    /** Many times what a chain takes. */
    private static final long MAX_BYTES = 1024L * 1024;

    /** @throws RatchetException BAD_REQUEST when a file is missing, is no PEM, or the key is that of another certificate */
    static TlsFiles read(Tls tls) {
        String certificates = text("server.tls.cert_file", tls.certificate());
        X509Certificate own = first("server.tls.cert_file", tls.certificate(), certificates);
        if (tls.chain().isPresent()) {
            String chain = text("server.tls.chain_file", tls.chain().get());
            first("server.tls.chain_file", tls.chain().get(), chain);
            certificates = certificates.stripTrailing() + "\n" + chain;
        }
        String key = text("server.tls.key_file", tls.key());
        requirePair(own.getPublicKey(), privateKey(tls.key(), key), tls);
        return new TlsFiles(certificates, key);
    }

    private static String text(String name, Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw unusable(name, file, "is too large; accepted: at most " + MAX_BYTES + " bytes", null);
            }
            // Whatever stands around the PEM may be in any encoding.
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw unusable(name, file, "cannot be read", e);
        }
    }

    private static X509Certificate first(String name, Path file, String pem) {
        try {
            PemContent content = PemContent.of(pem);
            List<X509Certificate> certificates = content == null ? List.of() : content.getCertificates();
            if (!certificates.isEmpty()) {
                return certificates.getFirst();
            }
        } catch (RuntimeException e) {
            throw unusable(name, file, "has no certificate; accepted: PEM with BEGIN CERTIFICATE", e);
        }
        throw unusable(name, file, "has no certificate; accepted: PEM with BEGIN CERTIFICATE", null);
    }

    private static PrivateKey privateKey(Path file, String pem) {
        try {
            PemContent content = PemContent.of(pem);
            PrivateKey key = content == null ? null : content.getPrivateKey();
            if (key != null) {
                return key;
            }
        } catch (RuntimeException e) {
            throw unusable("server.tls.key_file", file, "has no key; accepted: PEM with BEGIN PRIVATE KEY", e);
        }
        throw unusable("server.tls.key_file", file, "has no key; accepted: PEM with BEGIN PRIVATE KEY", null);
    }

    /** What one has signed the other must recognise. */
    private static void requirePair(PublicKey certified, PrivateKey key, Tls tls) {
        byte[] probe = "ratchet".getBytes(StandardCharsets.US_ASCII);
        String algorithm =
                switch (certified.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> certified.getAlgorithm();
                };
        boolean pair;
        try {
            Signature signing = Signature.getInstance(algorithm);
            signing.initSign(key);
            signing.update(probe);
            byte[] signature = signing.sign();
            Signature checking = Signature.getInstance(algorithm);
            checking.initVerify(certified);
            checking.update(probe);
            pair = checking.verify(signature);
        } catch (GeneralSecurityException e) {
            throw unusable("server.tls.key_file", tls.key(), "is no key for " + tls.certificate(), e);
        }
        if (!pair) {
            throw unusable("server.tls.key_file", tls.key(), "is not the key of " + tls.certificate(), null);
        }
    }

    private static RatchetException unusable(String name, Path file, String problem, @Nullable Exception cause) {
        return new RatchetException(ErrorCode.BAD_REQUEST, name + ": " + file + " " + problem, cause);
    }

    /** Leaves the key out. */
    @Override
    public String toString() {
        return "TlsFiles";
    }
}

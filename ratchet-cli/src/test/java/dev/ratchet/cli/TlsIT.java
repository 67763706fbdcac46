package dev.ratchet.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ratchet.cli.Distribution.Finished;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS, with certificates that the test makes. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "sends signals")
class TlsIT {
    private static final String PASSWORD = "not-secret";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void serveWhenGivenACertificateSpeaksHttpsAndNothingOlderThanAllowed() throws Exception {
        KeyStore own = keyStore("own");
        Path certificate = certificate(own, "own");
        Path key = key(own, "own");
        Path config = config(certificate, key);

        try (ServerProcess server =
                ServerProcess.start(directory, directory.resolve("data"), "--config", config.toString())) {
            assertThat(server.file().url()).startsWith("https://127.0.0.1:");
            HttpResponse<String> answer = get(server, own, "TLSv1.3");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("x-frame-options")).contains("SAMEORIGIN");
            // For a name of this machine it would bind every other server here.
            assertThat(answer.headers().firstValue("strict-transport-security")).isEmpty();
            assertThat(refused(server, own)).isInstanceOf(SSLHandshakeException.class);
            assertThat(server.stop().exitCode()).isEqualTo(143);
        }
    }

    @Test
    void serveWhenTheKeyIsAnothersOrNoPemSaysSoInOneLine() throws Exception {
        Path certificate = certificate(keyStore("own"), "own");
        Path other = key(keyStore("other"), "other");
        Distribution ratchet = new Distribution(directory);

        assertRefused(ratchet, config(certificate, other), "server.tls.key_file: " + other + " is not the key of");
        assertRefused(ratchet, config(other, other), "server.tls.cert_file: " + other + " has no certificate");
        assertRefused(ratchet, config(certificate, certificate), "has no key; accepted: PEM with BEGIN PRIVATE KEY");
        assertRefused(ratchet, config(directory.resolve("gone.pem"), other), "gone.pem cannot be read");
    }

    private void assertRefused(Distribution ratchet, Path config, String message) throws Exception {
        Finished run = ratchet.run(
                "serve",
                "--port",
                "0",
                "--data-dir",
                directory.resolve("unused").toString(),
                "--config",
                config.toString());

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains(message).hasLineCount(1);
    }

    private Path config(Path certificate, Path key) throws IOException {
        return Files.writeString(
                directory.resolve("config.yaml"),
                "server:\n  tls: {cert_file: \"" + certificate + "\", key_file: \"" + key
                        + "\", min_version: \"1.3\"}\n");
    }

    private static Exception refused(ServerProcess server, KeyStore trusted) {
        try {
            HttpResponse<String> answer = get(server, trusted, "TLSv1.2");
            throw new AssertionError("answered " + answer.statusCode());
        } catch (Exception e) {
            return e;
        }
    }

    private static HttpResponse<String> get(ServerProcess server, KeyStore trusted, String protocol) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLParameters parameters = new SSLParameters();
        parameters.setProtocols(new String[] {protocol});
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(context)
                .sslParameters(parameters)
                .connectTimeout(Duration.ofSeconds(20))
                .build()) {
            return client.send(
                    HttpRequest.newBuilder(server.uri("/live"))
                            .timeout(Distribution.PATIENCE)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    /** A key with a certificate that it signs itself, as the JDK's own tool makes one. */
    private KeyStore keyStore(String name) throws Exception {
        Path file = directory.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue())
                .as(Files.readString(directory.resolve("keytool.log")))
                .isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        // A key store with a key in it trusts nothing; what it is to trust must be an entry of its own.
        store.setCertificateEntry("trusted", store.getCertificate(name));
        return store;
    }

    private Path certificate(KeyStore store, String name) throws Exception {
        return pem(name + "-cert.pem", "CERTIFICATE", store.getCertificate(name).getEncoded());
    }

    private Path key(KeyStore store, String name) throws Exception {
        return pem(
                name + "-key.pem",
                "PRIVATE KEY",
                store.getKey(name, PASSWORD.toCharArray()).getEncoded());
    }

    private Path pem(String file, String kind, byte[] content) throws IOException {
        String text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        return Files.writeString(
                directory.resolve(file), "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
    }
}

package io.surprisal.service;

import io.surprisal.service.launch.VirtualEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Certificates that sign themselves, made by Java's {@code keytool}: a server's, a client's that it trusts, and a stranger's.
 *
 * @param server PKCS #12 with the server's key
 * @param trustingServer PKCS #12 with the server's certificate
 * @param trusted PKCS #12 with the client's certificate
 * @param clientKeys the client's own
 * @param client of the client
 * @param stranger of somebody else
 */
record Certificates(
        Path server,
        Path trustingServer,
        Path trusted,
        KeyManager[] clientKeys,
        SSLContext client,
        SSLContext stranger) {
    static final String PASSWORD = "changeit";

    static Certificates make(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
        Path server = keys(folder, "server");
        Path client = keys(folder, "client");
        Path stranger = keys(folder, "stranger");
        return new Certificates(
                server,
                trusting(folder, server, "server"),
                trusting(folder, client, "client"),
                managers(client),
                context(client),
                context(stranger));
    }

    /** For a client that does not ask whom it talks to. */
    static TrustManager trustEverybody() {
        return new Trusting();
    }

    /** A store with the certificate of a key, and not the key. */
    private static Path trusting(Path folder, Path keys, String name) throws IOException, InterruptedException {
        Path certificate = folder.resolve(name + ".pem");
        keytool("-exportcert", "-rfc", "-alias", name, "-keystore", keys.toString(), "-file", certificate.toString());
        Path trusting = folder.resolve("trusting-" + name + ".p12");
        keytool(
                "-importcert",
                "-noprompt",
                "-alias",
                name,
                "-keystore",
                trusting.toString(),
                "-file",
                certificate.toString());
        return trusting;
    }

    private static Path keys(Path folder, String name) throws IOException, InterruptedException {
        Path file = folder.resolve(name + ".p12");
        keytool(
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                "2",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-keystore",
                file.toString());
        return file;
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        VirtualEnvironment.Result result = VirtualEnvironment.execute(command);
        if (result.status() != 0) {
            throw new IOException(result.output());
        }
    }

    private static KeyManager[] managers(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream content = Files.newInputStream(file)) {
            store.load(content, PASSWORD.toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, PASSWORD.toCharArray());
        return factory.getKeyManagers();
    }

    private static SSLContext context(Path file) throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers(file), new TrustManager[] {trustEverybody()}, new SecureRandom());
        return context;
    }

    private static final class Trusting extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}

package org.farthing.conformance.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for 127.0.0.1, made by the JDK's own keytool, which takes half a second: one is enough. */
final class TinyTls {

    private static final String PASSWORD = "changeit";

    private TinyTls() {}

    /** What both sides use: the server has the key, the client trusts it. */
    static SSLContext context() throws IOException, GeneralSecurityException, InterruptedException {
        Path folder = Files.createTempDirectory("tiny-tls");
        Path store = folder.resolve("server.p12");
        try {
            keytool(store);
            KeyStore keys = KeyStore.getInstance("PKCS12");
            try (InputStream in = Files.newInputStream(store)) {
                keys.load(in, PASSWORD.toCharArray());
            }
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, PASSWORD.toCharArray());
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("server", keys.getCertificate("server"));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } finally {
            Files.deleteIfExists(store);
            Files.delete(folder);
        }
    }

    private static void keytool(Path store) throws IOException, InterruptedException {
        String program =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        String options = "-genkeypair -alias server -keyalg EC -validity 3650 -storetype PKCS12 -dname CN=localhost"
                + " -ext san=ip:127.0.0.1 -storepass " + PASSWORD + " -J-XX:TieredStopAtLevel=1 -keystore";
        List<String> command = new java.util.ArrayList<>(List.of(program));
        command.addAll(List.of(options.split(" ")));
        command.add(store.toString());
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool ended with exit code " + keytool.exitValue());
        }
    }
}

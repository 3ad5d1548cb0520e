package org.farthing.conformance.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.InstantSource;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

class LabCertificateTest {

    private static SSLContext trusting(String pem) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry(
                "lab",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    @Test
    @Requirement({"F-CO-38", "C13"})
    void sockets_certificateOfThisRun_isGoodForWhoTrustsItAndForNobodyElse() throws Exception {
        InetAddress address = InetAddress.getLoopbackAddress();
        LabCertificate made =
                LabCertificate.make(address, InstantSource.system().instant());
        try (ScriptedServer server = ScriptedServer.start(
                made.sockets(), "127.0.0.1", 0, request -> Reply.status(200).text("content"))) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(server.origin() + "/")).build();
            HttpClient knows =
                    HttpClient.newBuilder().sslContext(trusting(made.pem())).build();

            assertThat(server.origin()).startsWith("https://127.0.0.1:");
            assertThat(knows.send(request, BodyHandlers.ofString()).body()).isEqualTo("content");
            assertThatExceptionOfType(SSLHandshakeException.class)
                    .isThrownBy(() -> HttpClient.newHttpClient().send(request, BodyHandlers.ofString()));
        }
    }
}

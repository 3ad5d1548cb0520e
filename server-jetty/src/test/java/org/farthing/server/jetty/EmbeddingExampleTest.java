package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.eclipse.jetty.http.HttpTester;
import org.eclipse.jetty.server.LocalConnector;
import org.eclipse.jetty.server.Server;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.WalletKey;
import org.farthing.server.ledger.WalletRegistration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedding example sells a document. */
class EmbeddingExampleTest {

    @TempDir
    private Path folder = Path.of("");

    @Test
    void example_sellsAFolder() throws Exception {
        Path documents = folder.resolve("www");
        Files.createDirectories(documents.resolve("docs"));
        Files.writeString(folder.resolve("www/docs/a.txt"), "paid text");
        Files.writeString(folder.resolve("www/open.txt"), "free text");
        Server server = new Server();
        LocalConnector connector = new LocalConnector(server);
        server.addConnector(connector);
        SecureRandom random = new SecureRandom();
        SigningKey key = SigningKey.generate(Algorithm.ED25519, null, random);
        byte[] secret = random.generateSeed(32);
        PaymentHandler paid = EmbeddingExample.paid(server, documents, folder.resolve("ledger.db"), key, secret);
        server.start();
        try (Ledger ledger = paid.ledger()) {
            Payer payer = Payer.with(SigningKey.generate(Algorithm.ED25519, null, random));
            WalletKey first = new WalletKey(
                    payer.key().publicKey().thumbprint(),
                    payer.key().publicKey().toString());
            Paywall.await(ledger.register(new WalletRegistration(payer.wallet(), first)));
            Paywall.await(ledger.topUp(new TopUp(payer.wallet(), "usd.e6", 10_000, "start")));
            assertThat(get(connector, "/open.txt", "").getContent()).isEqualTo("free text");
            HttpTester.Response demand = get(connector, "/docs/a.txt", "");
            assertThat(demand.getStatus()).isEqualTo(402);
            HttpTester.Response answer = get(connector, "/docs/a.txt", "Authorization: " + payer.pay(demand) + "\r\n");
            assertThat(answer.getStatus()).isEqualTo(200);
            assertThat(answer.getContent()).isEqualTo("paid text");
            assertThat(answer.get("Payment-Receipt")).isNotNull();
        } finally {
            server.stop();
        }
    }

    private static HttpTester.Response get(LocalConnector connector, String path, String headers) throws Exception {
        String request = "GET " + path + " HTTP/1.1\r\nHost: api.example.com\r\n" + headers + "\r\n";
        return HttpTester.parseResponse(connector.getResponse(request));
    }
}

package org.farthing.server.jetty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;

/** Sells a folder: what a Jetty team adds to its own server. README shows the lines of {@link #paid}. */
final class EmbeddingExample {

    private EmbeddingExample() {}

    static PaymentHandler paid(Server server, Path folder, Path store, SigningKey signingKey, byte[] secret) {
        ResourceHandler documents = new ResourceHandler();
        documents.setBaseResource(ResourceFactory.of(server).newResource(folder));
        Ledger ledger = SqliteLedger.open(
                store, LedgerOptions.builder(server.getThreadPool()).build());
        PaymentHandler paid = PaymentHandler.builder("https://api.example.com")
                .keys(signingKey)
                .secrets(SecretRing.builder().current(secret).build())
                .ledger(ledger)
                .price("/docs/*", "0.002usd")
                .build(documents);
        server.setHandler(paid);
        return paid;
    }

    /** Starts on loopback, where a TLS proxy of this machine is expected in front. */
    public static void main(String[] arguments) throws Exception {
        Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080));
        SecureRandom random = new SecureRandom();
        byte[] secret = new byte[32];
        random.nextBytes(secret);
        SigningKey key = SigningKey.generate(Algorithm.ED25519, null, random);
        paid(server, Path.of(arguments[0]), Path.of("ledger.db"), key, secret);
        server.start();
        server.join();
    }
}

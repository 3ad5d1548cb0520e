package org.farthing.conformance.wallet;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.ReleaseStatement;
import org.jspecify.annotations.Nullable;

/** A payee the suite plays: it publishes a key document, signs challenges and collects. */
final class Shopkeeper implements AutoCloseable {

    private final Origin origin;
    private final SigningKey key;
    private final @Nullable HttpServer server;

    private Shopkeeper(Origin origin, SigningKey key, @Nullable HttpServer server) {
        this.origin = origin;
        this.key = key;
        this.server = server;
    }

    /** One on loopback that publishes its own keys. */
    static Shopkeeper onLoopback() throws IOException {
        return onLoopback(null);
    }

    /** One on loopback whose document names another payee, or its own. */
    static Shopkeeper onLoopback(@Nullable Origin speaksFor) throws IOException {
        InetAddress address = InetAddress.getLoopbackAddress();
        HttpServer server = HttpServer.create(new InetSocketAddress(address, 0), 0);
        Origin origin = new Origin("http://127.0.0.1:" + server.getAddress().getPort());
        SigningKey key = SigningKey.generate(Algorithm.ED25519, "suite", new SecureRandom());
        String document = KeyDirectory.of(speaksFor == null ? origin : speaksFor, List.of(key.publicKey()))
                .format();
        server.createContext(KeyDirectory.WELL_KNOWN_PATH, exchange -> {
            byte[] body = document.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return new Shopkeeper(origin, key, server);
    }

    /** One whose document stands at its own origin already. */
    static Shopkeeper elsewhere(Origin origin, SigningKey key) {
        return new Shopkeeper(origin, key, null);
    }

    Origin origin() {
        return origin;
    }

    SigningKey key() {
        return key;
    }

    /** Its word that it charged nothing. */
    ReleaseStatement released(String challengeId, Instant now) {
        return ReleaseStatement.sign(key, challengeId, origin, now);
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop(0);
        }
    }
}

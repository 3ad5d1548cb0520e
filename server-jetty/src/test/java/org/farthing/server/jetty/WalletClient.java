package org.farthing.server.jetty;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.WalletId;
import org.farthing.protocol.wallet.WalletRequest;

/** A wallet's owner who talks to the wallet routes in raw bytes. */
final class WalletClient {

    static final Origin ORIGIN = new Origin("https://api.example.com");

    private final SecureRandom random = new SecureRandom();
    private final InstantSource clock;
    private final SigningKey key;

    WalletClient(InstantSource clock) {
        this(clock, Algorithm.ED25519);
    }

    WalletClient(InstantSource clock, Algorithm algorithm) {
        this.clock = clock;
        this.key = SigningKey.generate(algorithm, null, random);
    }

    SigningKey key() {
        return key;
    }

    String id() {
        return WalletId.of(key.publicKey());
    }

    String registration() {
        return "{\"jwk\":" + CanonicalJson.write(key.publicKey().toJwk()) + "}";
    }

    String tokenId() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return Base64Url.encode(bytes);
    }

    /** A good token for one request. */
    String token(String method, String pathAndQuery, String body) {
        return token(id(), ORIGIN, method, pathAndQuery, body, clock.instant(), tokenId());
    }

    /** A token with any claims, signed by this key. */
    String token(
            String issuer,
            Origin audience,
            String method,
            String pathAndQuery,
            String body,
            Instant now,
            String tokenId) {
        int question = pathAndQuery.indexOf('?');
        RequestTarget target = question < 0
                ? RequestTarget.of(method, ORIGIN, pathAndQuery, null)
                : RequestTarget.of(
                        method, ORIGIN, pathAndQuery.substring(0, question), pathAndQuery.substring(question + 1));
        return WalletRequest.sign(key, issuer, audience, target, body.getBytes(StandardCharsets.UTF_8), now, tokenId);
    }

    HttpTester.Response register(Answers server) throws Exception {
        return send(server, "POST", "/v1/wallets", registration());
    }

    HttpTester.Response get(Answers server, String pathAndQuery) throws Exception {
        return send(server, "GET", pathAndQuery, "");
    }

    HttpTester.Response send(Answers server, String method, String pathAndQuery, String body) throws Exception {
        return server.to(head(method, pathAndQuery, "Bearer " + token(method, pathAndQuery, body)), body);
    }

    static String head(String method, String pathAndQuery, String authorization) {
        return method + " " + pathAndQuery + " HTTP/1.1\nHost: api.example.com\nAuthorization: " + authorization;
    }
}

package org.farthing.server.app;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.protocol.wallet.WalletId;
import org.farthing.protocol.wallet.WalletRequest;

/** Somebody with a wallet who buys at a shop over a real socket, by hand: no client of ours in between. */
final class Customer {

    private final HttpClient http = HttpClient.newHttpClient();
    private final SecureRandom random = new SecureRandom();
    private final SigningKey key = SigningKey.generate(Algorithm.ED25519, null, random);
    private final Origin shop;

    Customer(Origin shop) {
        this.shop = shop;
    }

    String wallet() {
        return WalletId.of(key.publicKey());
    }

    HttpResponse<String> get(String path, String... fields) throws IOException, InterruptedException {
        return send("GET", path, "", fields);
    }

    HttpResponse<String> send(String method, String path, String body, String... fields)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(shop.text() + path))
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (fields.length > 0) {
            request.headers(fields);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
    }

    /** Opens the wallet. */
    HttpResponse<String> register() throws IOException, InterruptedException {
        String body = CanonicalJson.write(Map.of("jwk", key.publicKey().toJwk()));
        return send("POST", "/v1/wallets", body, "Authorization", bearer("POST", "/v1/wallets", body));
    }

    /** Permits this ledger to debit the wallet for a challenge of another shop. */
    PaymentOrder order(Challenge challenge) throws Exception {
        return PaymentOrder.sign(
                key, challenge, shop, challenge.paymentRequest().amount(), wallet());
    }

    /** Sends a wallet request. */
    HttpResponse<String> signed(String method, String path, String body) throws IOException, InterruptedException {
        return send(method, path, body, "Authorization", bearer(method, path, body));
    }

    /** Reads one of the wallet's own routes. */
    HttpResponse<String> own(String rest) throws IOException, InterruptedException {
        String path = "/v1/wallets/" + wallet() + rest;
        return get(path, "Authorization", bearer("GET", path, ""));
    }

    /** Answers the challenge of a 402: the value of {@code Authorization}. */
    String pay(HttpResponse<String> answer) throws Exception {
        Challenge challenge = challenge(answer);
        PaymentOrder order = PaymentOrder.sign(
                key, challenge, shop, challenge.paymentRequest().amount(), wallet());
        return Credential.of(challenge, null, Map.copyOf(order.toPayload())).format();
    }

    static Challenge challenge(HttpResponse<String> answer) throws Exception {
        return Challenge.parse(answer.headers().firstValue("WWW-Authenticate").orElseThrow());
    }

    private String bearer(String method, String path, String body) {
        byte[] id = new byte[16];
        random.nextBytes(id);
        return "Bearer "
                + WalletRequest.sign(
                        key,
                        wallet(),
                        shop,
                        RequestTarget.of(method, shop, path, null),
                        body.getBytes(StandardCharsets.UTF_8),
                        Instant.now(),
                        Base64Url.encode(id));
    }
}

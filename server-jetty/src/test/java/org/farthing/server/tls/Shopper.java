package org.farthing.server.tls;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.protocol.wallet.WalletId;

/** Somebody with a wallet and an HTTP/2 connection, who pays by hand: what comes back is seen as it is. */
final class Shopper {

    private final HttpClient http;
    private final SigningKey key = SigningKey.generate(Algorithm.ED25519, null, new SecureRandom());
    private final Origin shop;

    Shopper(Origin shop) throws Exception {
        this.shop = shop;
        this.http = http();
    }

    /** A client that speaks HTTP/2 where the server does. */
    static HttpClient http() throws Exception {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(TestCertificate.shared().client())
                .connectTimeout(Duration.ofSeconds(60))
                .build();
    }

    VerificationKey key() {
        return key.publicKey();
    }

    HttpResponse<String> get(String path, String... fields) throws Exception {
        return send("GET", path, BodyPublishers.noBody(), fields);
    }

    HttpResponse<String> send(String method, String path, BodyPublisher body, String... fields) throws Exception {
        HttpRequest.Builder request = request(path).method(method, body);
        if (fields.length > 0) {
            request.headers(fields);
        }
        return send(request.build());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(shop.text() + path)).timeout(Duration.ofSeconds(60));
    }

    HttpResponse<String> send(HttpRequest request) throws Exception {
        return http.send(request, BodyHandlers.ofString());
    }

    /** Answers the challenge of a 402: the value of the credential's field. */
    String pay(HttpResponse<?> answer) throws Exception {
        return pay(challenge(answer));
    }

    String pay(Challenge challenge) throws Exception {
        PaymentOrder order = PaymentOrder.sign(
                key, challenge, shop, challenge.paymentRequest().amount(), WalletId.of(key.publicKey()));
        return Credential.of(challenge, null, Map.copyOf(order.toPayload())).format();
    }

    static Challenge challenge(HttpResponse<?> answer) throws Exception {
        return Challenge.parse(answer.headers().firstValue("WWW-Authenticate").orElseThrow());
    }

    static String field(HttpResponse<?> answer, String name) {
        return String.join(", ", answer.headers().allValues(name));
    }
}

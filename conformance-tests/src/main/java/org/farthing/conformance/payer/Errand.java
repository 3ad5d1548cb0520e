package org.farthing.conformance.payer;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.farthing.client.PaidResponse;
import org.farthing.client.PayingClient;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.method.PaymentMethod;
import org.farthing.client.method.WalletOrders;
import org.farthing.client.purse.Purse;
import org.farthing.client.token.BlindTokens;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SigningKey;
import org.jspecify.annotations.Nullable;

/**
 * One request to a server under test.
 *
 * @param url what is asked for
 * @param method how
 * @param headers the caller's fields, one {@code Name: value} each
 * @param body what is sent; it can be sent again
 * @param key the wallet's key; null to look and pay nothing
 * @param tokens the blind tokens to buy first and to pay with alone; null to pay by orders of the wallet
 * @param most the most that may be paid, one amount a currency
 * @param unsigned whether offers that nobody signed may be paid
 * @param replacesAuthorization whether a credential may take the place of the caller's own Authorization
 * @param patience how long an answer to the payment is asked for
 * @param again how many times the same bytes are sent once more after the payment
 * @param tls whom to trust
 */
record Errand(
        URI url,
        String method,
        List<String> headers,
        BodyPublisher body,
        @Nullable SigningKey key,
        @Nullable TokenErrand tokens,
        List<String> most,
        boolean unsigned,
        boolean replacesAuthorization,
        Duration patience,
        int again,
        SSLContext tls) {

    private static final String NOTHING = "0usd";

    /** What came, and what came of the same bytes later. */
    record Ended(PaidResponse<byte[]> paid, List<HttpResponse<byte[]>> again) {}

    /** Runs it; purse and journal are gone when it is over. */
    Ended run(Steps steps) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("farthing-reference-client");
        try {
            AtomicReference<@Nullable Credential> sent = new AtomicReference<>();
            HttpClient http = HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .sslContext(tls)
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();
            PaidResponse<byte[]> paid = client(folder, http, steps, sent).send(request(), BodyHandlers.ofByteArray());
            return new Ended(paid, repeated(http, steps, sent.get()));
        } finally {
            remove(folder);
        }
    }

    private PayingClient client(Path folder, HttpClient http, Steps steps, AtomicReference<@Nullable Credential> sent)
            throws IOException {
        Purse purse = Purse.create(folder.resolve("purse"), new SecureRandom());
        PayingClient.Builder builder = PayingClient.builder(purse, policy())
                .httpClient(http)
                .methods(methods(purse, http, steps, sent))
                .announce(key != null)
                .prefer(codes())
                .listener(steps)
                .patience(patience)
                .loopbackProfile();
        return replacesAuthorization ? builder.replaceAuthorization().build() : builder.build();
    }

    private List<PaymentMethod> methods(
            Purse purse, HttpClient http, Steps steps, AtomicReference<@Nullable Credential> sent) throws IOException {
        if (key == null) {
            return List.of();
        }
        if (tokens == null) {
            return List.of(new KeyOrders(new WalletOrders(purse), key, sent));
        }
        SpendingPolicy bundle = SpendingPolicy.builder()
                .allowOrigin(tokens.issuer().text())
                .perRequest(tokens.money())
                .total(tokens.money())
                .build();
        PayingClient wallet = PayingClient.builder(purse, bundle)
                .httpClient(http)
                .methods(List.of(new KeyOrders(new WalletOrders(purse), key, new AtomicReference<>())))
                .announce(true)
                .patience(patience)
                .loopbackProfile()
                .build();
        BlindTokens bought = BlindTokens.builder(purse, wallet)
                .httpClient(http)
                .loopbackProfile()
                .build();
        tokens.buy(bought, Origin.of(url), steps);
        return List.of(new ShownTokens(bought.method(), sent));
    }

    private String[] codes() {
        String[] codes = new String[most.size()];
        for (int i = 0; i < codes.length; i++) {
            try {
                codes[i] = Money.parse(most.get(i)).code();
            } catch (MalformedException e) {
                throw new IllegalArgumentException("--max " + most.get(i) + " is no amount such as 0.05usd", e);
            }
        }
        return codes;
    }

    private SpendingPolicy policy() {
        SpendingPolicy.Builder policy = SpendingPolicy.builder().allowAnyOrigin();
        if (most.isEmpty()) {
            policy.perRequest(NOTHING).total(NOTHING);
        }
        most.forEach(amount -> policy.perRequest(amount).total(amount));
        if (unsigned) {
            policy.allowUnsigned(Origin.of(url).text());
        }
        return policy.build();
    }

    private HttpRequest request() {
        HttpRequest.Builder request = HttpRequest.newBuilder(url).method(method, body);
        for (String header : headers) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("write a header as \"Name: value\"");
            }
            request.header(
                    header.substring(0, colon).strip(),
                    header.substring(colon + 1).strip());
        }
        return request.build();
    }

    /** The same request with the same credential, past the paying client, which would not do that by itself. */
    private List<HttpResponse<byte[]>> repeated(HttpClient http, Steps steps, @Nullable Credential credential)
            throws IOException, InterruptedException {
        List<HttpResponse<byte[]>> answers = new ArrayList<>();
        for (int i = 1; credential != null && i <= again; i++) {
            String field = credential.challenge().header() == null ? "Authorization" : "Payment-Authorization";
            HttpRequest request = HttpRequest.newBuilder(request(), (name, value) -> true)
                    .setHeader(field, credential.format())
                    .build();
            HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
            boolean replayed = answer.headers().firstValue("Payment-Replayed").isPresent();
            steps.add(
                    "again",
                    answer.statusCode() + (replayed ? ", a replay" : ""),
                    Steps.facts("status", answer.statusCode(), "replayed", replayed));
            answers.add(answer);
        }
        return answers;
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** What is asked for; nothing secret. */
    @Override
    public String toString() {
        return method + " " + url;
    }

    /** The facts of a request for programs. */
    Map<String, @Nullable Object> facts() {
        return Steps.facts(
                "url",
                url.toString(),
                "method",
                method,
                "pays",
                key == null ? "nothing" : tokens == null ? "wallet" : "tokens");
    }
}

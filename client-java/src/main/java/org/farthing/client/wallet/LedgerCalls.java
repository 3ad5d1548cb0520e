package org.farthing.client.wallet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.farthing.client.http.HeldBody;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.WalletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Requests to a ledger or a wallet service: signed anew each time, over https or in the loopback profile, no redirect, answers
 * up to {@link WalletApi#MOST_BYTES}. Futures fail with {@link IOException}, inside what futures wrap around it.
 */
final class LedgerCalls {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int TOKEN_ID_BYTES = 16;

    private final HttpClient http;
    private final InstantSource clock;
    private final boolean loopback;
    private final SecureRandom random = new SecureRandom();

    LedgerCalls(HttpClient http, InstantSource clock, boolean loopback) {
        if (http.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException("the client must not follow redirects: a secret could cross an origin");
        }
        this.http = http.authenticator().isPresent() ? withoutAuthenticator(http) : http;
        this.clock = clock;
        this.loopback = loopback;
    }

    /** With an Authenticator, java.net.http of JDK 17 drops the Authorization of the wallet, and every call would be refused. */
    private static HttpClient withoutAuthenticator(HttpClient like) {
        HttpClient.Builder builder = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(like.version())
                .sslContext(like.sslContext())
                .sslParameters(like.sslParameters());
        like.connectTimeout().ifPresent(builder::connectTimeout);
        like.proxy().ifPresent(builder::proxy);
        like.executor().ifPresent(builder::executor);
        return builder.build();
    }

    /** One request; {@code body} is empty where there is none. */
    record Call(
            String method,
            Origin ledger,
            String pathAndQuery,
            String body,
            @Nullable String idempotencyKey) {

        Call(String method, Origin ledger, String pathAndQuery, String body) {
            this(method, ledger, pathAndQuery, body, null);
        }
    }

    /** Sends it as a wallet, with one of its keys. */
    CompletableFuture<byte[]> signed(Call call, SigningKey key, String wallet) {
        byte[] tokenId = new byte[TOKEN_ID_BYTES];
        random.nextBytes(tokenId);
        String token = WalletRequest.sign(
                key,
                wallet,
                call.ledger(),
                RequestTarget.ofUri(call.method(), uri(call)),
                call.body().getBytes(UTF_8),
                clock.instant(),
                Base64Url.encode(tokenId));
        return send(call, token);
    }

    CompletableFuture<byte[]> send(Call call, String bearer) {
        if (!call.ledger().isHttps() && !(loopback && call.ledger().isLoopback())) {
            return CompletableFuture.failedFuture(new IllegalArgumentException(
                    "a ledger is reached over https, or on loopback where that is allowed"));
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(call))
                .timeout(TIMEOUT)
                .header("Accept", "application/json, application/problem+json")
                .header("Authorization", "Bearer " + bearer);
        if (call.idempotencyKey() != null) {
            request.header("Idempotency-Key", call.idempotencyKey());
        }
        if (call.body().isEmpty()) {
            request.method(call.method(), BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(call.method(), BodyPublishers.ofString(call.body()));
        }
        CompletableFuture<HttpResponse<HeldBody>> answer =
                http.sendAsync(request.build(), info -> HeldBody.upTo(WalletApi.MOST_BYTES));
        CompletableFuture<byte[]> content = answer.thenApply(LedgerCalls::content);
        // Whoever gives up waiting breaks the exchange off.
        CompletableFuture<Boolean> unused = content.handle((done, failure) -> answer.cancel(true));
        return content;
    }

    private static URI uri(Call call) {
        return URI.create(call.ledger().text() + call.pathAndQuery());
    }

    private static byte[] content(HttpResponse<HeldBody> answer) {
        if (!answer.body().isWhole()) {
            throw new CompletionException(
                    new IOException("the ledger's answer is longer than " + WalletApi.MOST_BYTES + " bytes"));
        }
        byte[] content = answer.body().bytes();
        if (answer.statusCode() != 200 && answer.statusCode() != 201) {
            throw new CompletionException(new WalletRefusedException(
                    answer.statusCode(),
                    problem(content),
                    answer.headers().firstValue("Retry-After").orElse("")));
        }
        return content;
    }

    private static @Nullable Problem problem(byte[] content) {
        try {
            return Problem.parse(content);
        } catch (MalformedException none) {
            return null;
        }
    }

    /** Reads an answer. */
    @FunctionalInterface
    interface Reading<T> {
        T read(byte[] answer) throws MalformedException;
    }

    static <T> T read(byte[] answer, Reading<T> reading) {
        try {
            return reading.read(answer);
        } catch (MalformedException e) {
            throw new CompletionException(new IOException("the ledger's answer is not readable: " + e.getMessage(), e));
        }
    }
}

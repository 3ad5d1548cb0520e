package org.farthing.client.token;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.farthing.client.http.HeldBody;
import org.farthing.client.http.TlsSessions;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.PurchaseBody;
import org.farthing.protocol.token.RecallBody;
import org.farthing.protocol.token.RefundBody;
import org.farthing.protocol.token.RestoreAnswer;
import org.farthing.protocol.token.SwapBody;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.protocol.token.TokenResponse;
import org.farthing.protocol.token.TokenResponses;
import org.jspecify.annotations.Nullable;

/**
 * An issuer's routes that cost nothing, and RFC 9578's own (spec/token-mint.md). Whether an issuer may be asked at all, the
 * caller decides before. Requests carry no cookie, no wallet and no key of the payer (F-TK-136), go over https or in the
 * loopback profile, and follow no redirect.
 *
 * <p>Nothing blocks. Futures fail with {@link IOException}: {@link MintRefusedException} where the issuer said no, others where
 * no answer came or none that can be read. Safe to share between threads.
 */
public final class MintApi {

    private static final int MOST_BYTES = 256 * 1024;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration SHORTEST_AGE = Duration.ofMinutes(1);
    private static final Duration LONGEST_AGE = Duration.ofDays(7);
    private static final Duration DEFAULT_AGE = Duration.ofHours(1);
    private static final Pattern MAX_AGE = Pattern.compile("(?i)(?:^|[\\s,])max-age=([0-9]{1,9})(?:$|[\\s,;])");

    private final HttpClient like;
    private final boolean loopback;
    private @Nullable HttpClient http;

    /**
     * Makes the routes usable.
     *
     * @param like the client whose TLS, proxy and executor settings are used; its connections, cookies and passwords are not
     * @param loopbackProfile whether plain http to a loopback literal is allowed
     */
    public MintApi(HttpClient like, boolean loopbackProfile) {
        this.like = like;
        this.loopback = loopbackProfile;
    }

    /** The same routes over connections and TLS sessions that nothing else goes over (F-TK-163). */
    MintApi apart() {
        return new MintApi(like, loopback);
    }

    /** Made when it is first needed: it costs a thread. */
    private synchronized HttpClient http() {
        HttpClient client = http;
        if (client == null) {
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(Duration.ofSeconds(10))
                    .sslContext(TlsSessions.apart(like.sslContext()))
                    .sslParameters(like.sslParameters());
            like.proxy().ifPresent(builder::proxy);
            like.executor().ifPresent(builder::executor);
            client = builder.build();
            http = client;
        }
        return client;
    }

    /**
     * A directory as it came.
     *
     * @param directory the directory, read
     * @param age how long the issuer lets it be kept, between a minute and a week
     */
    public record Fetched(IssuerDirectory directory, Duration age) {}

    /**
     * Fetches an issuer's directory.
     *
     * @param issuer the issuer
     * @return what it publishes; a directory of another origin than this is refused
     */
    public CompletableFuture<Fetched> directory(Origin issuer) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(issuer.text() + IssuerDirectory.WELL_KNOWN_PATH))
                .header("Accept", IssuerDirectory.MEDIA_TYPE);
        return send(request).thenApply(answer -> {
            IssuerDirectory directory = read(() -> IssuerDirectory.parse(content(answer)));
            if (!directory.issuer().equals(issuer)) {
                throw new CompletionException(new IOException("the directory at " + issuer + " is another issuer's"));
            }
            return new Fetched(directory, age(answer));
        });
    }

    private static Duration age(HttpResponse<HeldBody> answer) {
        Matcher maxAge =
                MAX_AGE.matcher(answer.headers().firstValue("Cache-Control").orElse(""));
        Duration age = maxAge.find() ? Duration.ofSeconds(Long.parseLong(maxAge.group(1))) : DEFAULT_AGE;
        return age.compareTo(SHORTEST_AGE) < 0 ? SHORTEST_AGE : age.compareTo(LONGEST_AGE) > 0 ? LONGEST_AGE : age;
    }

    /**
     * Asks for one token as RFC 9578 has it (section 6), of an issuer that asks no price for it.
     *
     * @param requestUri the issuer's request route
     * @param request the request
     * @return what the issuer signed; whether it holds, finishing the pending token shows
     */
    public CompletableFuture<TokenResponse> requestToken(URI requestUri, TokenRequest request) {
        HttpRequest.Builder post = HttpRequest.newBuilder(requestUri)
                .header("Content-Type", "application/private-token-request")
                .header("Accept", "application/private-token-response")
                .POST(BodyPublishers.ofByteArray(request.bytes()));
        return send(post).thenApply(answer -> read(() -> TokenResponse.parse(content(answer))));
    }

    /**
     * Gives tokens for others of the same value. The same body again gets the same answer.
     *
     * @param swapUri the swap route of whoever has authority over the tokens
     * @param swap what is given and asked for
     * @return what was signed, one for each request
     */
    public CompletableFuture<TokenResponses> swap(URI swapUri, SwapBody swap) {
        return post(swapUri, swap.format())
                .thenApply(content ->
                        read(() -> TokenResponses.parse(content, swap.requests().size())));
    }

    /**
     * Gives tokens of a closed key for others of the same value, by showing how they were made. The same body again gets the
     * same answer.
     *
     * @param recallUri the issuer's recall route
     * @param recall what is given and asked for
     * @return what was signed, one for each request
     */
    public CompletableFuture<TokenResponses> recall(URI recallUri, RecallBody recall) {
        return post(recallUri, recall.format())
                .thenApply(content -> read(
                        () -> TokenResponses.parse(content, recall.requests().size())));
    }

    /**
     * Asks for what was signed before, and nothing else.
     *
     * @param restoreUri the issuer's restore route
     * @param body what may have been asked for
     * @return what was, and the same signatures again
     */
    public CompletableFuture<RestoreAnswer> restore(URI restoreUri, PurchaseBody body) {
        return post(restoreUri, body.format())
                .thenApply(content ->
                        read(() -> RestoreAnswer.parse(content, body.requests().size())));
    }

    /**
     * Asks for fresh tokens for a token payment that was given back.
     *
     * @param refundUri the issuer's refund route
     * @param refund the credential that paid, and what is asked for
     * @return what was signed, one for each request
     */
    public CompletableFuture<TokenResponses> refund(URI refundUri, RefundBody refund) {
        return post(refundUri, refund.format())
                .thenApply(content -> read(
                        () -> TokenResponses.parse(content, refund.requests().size())));
    }

    private CompletableFuture<byte[]> post(URI uri, String body) {
        return send(HttpRequest.newBuilder(uri)
                        .header("Content-Type", "application/json")
                        .header("Accept", "application/json, application/problem+json")
                        .POST(BodyPublishers.ofString(body)))
                .thenApply(MintApi::content);
    }

    private CompletableFuture<HttpResponse<HeldBody>> send(HttpRequest.Builder builder) {
        HttpRequest request = builder.timeout(TIMEOUT).build();
        Origin origin;
        try {
            origin = Origin.of(request.uri());
        } catch (IllegalArgumentException e) {
            return CompletableFuture.failedFuture(new IOException("an issuer is named by its origin", e));
        }
        if (!origin.isHttps() && !(loopback && origin.isLoopback())) {
            return CompletableFuture.failedFuture(
                    new IOException("an issuer is reached over https, or on loopback where that is allowed"));
        }
        return http().sendAsync(request, info -> HeldBody.upTo(MOST_BYTES));
    }

    private static byte[] content(HttpResponse<HeldBody> answer) {
        if (!answer.body().isWhole()) {
            throw new CompletionException(
                    new IOException("the issuer's answer is longer than " + MOST_BYTES + " bytes"));
        }
        byte[] content = answer.body().bytes();
        if (answer.statusCode() != 200) {
            throw new CompletionException(
                    new MintRefusedException(answer.statusCode(), problem(content), retryAfter(answer)));
        }
        return content;
    }

    private static @Nullable Duration retryAfter(HttpResponse<HeldBody> answer) {
        String text = answer.headers().firstValue("Retry-After").orElse("").strip();
        return text.matches("[0-9]{1,9}") ? Duration.ofSeconds(Long.parseLong(text)) : null;
    }

    static @Nullable Problem problem(byte[] content) {
        try {
            return Problem.parse(content);
        } catch (MalformedException none) {
            return null;
        }
    }

    /** Reads an answer. */
    @FunctionalInterface
    private interface Reading<T> {
        T read() throws MalformedException;
    }

    private static <T> T read(Reading<T> reading) {
        try {
            return reading.read();
        } catch (MalformedException e) {
            throw new CompletionException(new IOException("the issuer's answer is not readable: " + e.getMessage(), e));
        }
    }
}

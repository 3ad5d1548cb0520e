package org.farthing.client.wallet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.farthing.client.http.HeldBody;
import org.farthing.client.purse.Purse;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.wallet.WalletRequest;
import org.jspecify.annotations.Nullable;

/**
 * The wallet routes of a ledger (spec/wallets.md, F-WA-20 to F-WA-28), for the wallet that a purse has there. Each request
 * carries a new wallet request, signed with the wallet's key; the top-up carries the administrator's secret instead.
 *
 * <p>Ledgers are reached over https, or over http on a loopback literal if that profile is on. Answers are read up to
 * 1 MiB, strictly. Every method blocks until the answer came. Safe to share between threads.
 */
public final class WalletApi {

    /** How long an answer may be. */
    static final int MOST_BYTES = 1 << 20;

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int TOKEN_ID_BYTES = 16;

    private final HttpClient http;
    private final Purse purse;
    private final InstantSource clock;
    private final boolean loopback;
    private final SecureRandom random = new SecureRandom();

    /**
     * Makes the routes usable.
     *
     * @param http a client that does not follow redirects
     * @param purse the keys
     * @param clock the time
     * @param loopbackProfile whether plain http to a loopback literal is allowed
     * @throws IllegalArgumentException if the client follows redirects
     */
    public WalletApi(HttpClient http, Purse purse, InstantSource clock, boolean loopbackProfile) {
        if (http.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException("the client must not follow redirects: a secret could cross an origin");
        }
        this.http = http;
        this.purse = purse;
        this.clock = clock;
        this.loopback = loopbackProfile;
    }

    /**
     * Opens the purse's wallet at a ledger, or finds it open already, and notes it in the purse.
     *
     * @param ledger the ledger's origin
     * @return the wallet
     * @throws IOException if no answer came, or a wrong one ({@link WalletRefusedException} if the ledger said no)
     * @throws InterruptedException if the thread was interrupted
     */
    public Wallet register(Origin ledger) throws IOException, InterruptedException {
        String body = CanonicalJson.write(Map.of("jwk", bareJwk(ledger)));
        byte[] answer = signed("POST", ledger, "/v1/wallets", body);
        Wallet wallet = read(() -> WalletAnswers.wallet(answer, purse.walletId(ledger)));
        purse.remember(ledger);
        return wallet;
    }

    /** A registration shows the key itself, without name, roles and times (F-WA-20). */
    private Map<String, Object> bareJwk(Origin ledger) {
        Map<String, Object> jwk =
                new java.util.TreeMap<>(purse.publicKey(ledger).toJwk());
        jwk.keySet().retainAll(java.util.Set.of("crv", "kty", "x", "y"));
        return jwk;
    }

    /**
     * Looks at the wallet.
     *
     * @param ledger the ledger's origin
     * @return the wallet
     * @throws IOException if no answer came, or a wrong one ({@link WalletRefusedException} if the ledger said no)
     * @throws InterruptedException if the thread was interrupted
     */
    public Wallet wallet(Origin ledger) throws IOException, InterruptedException {
        byte[] answer = signed("GET", ledger, path(ledger), "");
        return read(() -> WalletAnswers.wallet(answer, purse.walletId(ledger)));
    }

    /**
     * Reads a page of the wallet's statement, newest first.
     *
     * @param ledger the ledger's origin
     * @param limit how many lines at most, 1 to 1000
     * @param cursor the page before's {@link StatementPage#next()}, or null for the first page
     * @return the page
     * @throws IOException if no answer came, or a wrong one ({@link WalletRefusedException} if the ledger said no)
     * @throws InterruptedException if the thread was interrupted
     */
    public StatementPage statement(Origin ledger, int limit, @Nullable String cursor)
            throws IOException, InterruptedException {
        if (limit < 1 || limit > 1000) {
            throw new IllegalArgumentException("a page has 1 to 1000 lines");
        }
        String query = "?limit=" + limit + (cursor == null ? "" : "&cursor=" + URLEncoder.encode(cursor, UTF_8));
        byte[] answer = signed("GET", ledger, path(ledger) + "/statement" + query, "");
        return read(() -> WalletAnswers.statement(answer, purse.walletId(ledger)));
    }

    /**
     * Fills the wallet up, as the ledger's administrator.
     *
     * @param ledger the ledger's origin
     * @param currency the currency id
     * @param amount how much, more than zero
     * @param idempotencyKey the same key moves money once, 1 to 128 visible ASCII characters
     * @param administratorSecret the ledger's secret; it is sent and not kept
     * @return the account after it
     * @throws IOException if no answer came, or a wrong one ({@link WalletRefusedException} if the ledger said no)
     * @throws InterruptedException if the thread was interrupted
     */
    public Account topUp(
            Origin ledger, CurrencyId currency, Amount amount, String idempotencyKey, String administratorSecret)
            throws IOException, InterruptedException {
        String body = CanonicalJson.write(
                Map.of("amount", amount.format(), "currency", currency.text(), "idempotencyKey", idempotencyKey));
        byte[] answer = send("POST", ledger, path(ledger) + "/topups", body, administratorSecret);
        return read(() -> WalletAnswers.toppedUp(answer, purse.walletId(ledger)));
    }

    private String path(Origin ledger) {
        return "/v1/wallets/" + purse.walletId(ledger);
    }

    private byte[] signed(String method, Origin ledger, String pathAndQuery, String body)
            throws IOException, InterruptedException {
        byte[] tokenId = new byte[TOKEN_ID_BYTES];
        random.nextBytes(tokenId);
        String token = WalletRequest.sign(
                purse.signingKey(ledger),
                purse.walletId(ledger),
                ledger,
                RequestTarget.ofUri(method, URI.create(ledger.text() + pathAndQuery)),
                body.getBytes(UTF_8),
                clock.instant(),
                Base64Url.encode(tokenId));
        return send(method, ledger, pathAndQuery, body, token);
    }

    private byte[] send(String method, Origin ledger, String pathAndQuery, String body, String bearer)
            throws IOException, InterruptedException {
        if (!ledger.isHttps() && !(loopback && ledger.isLoopback())) {
            throw new IllegalArgumentException("a ledger is reached over https, or on loopback where that is allowed");
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(ledger.text() + pathAndQuery))
                .timeout(TIMEOUT)
                .header("Accept", "application/json, application/problem+json")
                .header("Authorization", "Bearer " + bearer);
        if (body.isEmpty()) {
            request.method(method, BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json").method(method, BodyPublishers.ofString(body));
        }
        HttpResponse<HeldBody> answer = http.send(request.build(), info -> HeldBody.upTo(MOST_BYTES));
        if (!answer.body().isWhole()) {
            throw new IOException("the ledger's answer is longer than " + MOST_BYTES + " bytes");
        }
        byte[] content = answer.body().bytes();
        if (answer.statusCode() != 200 && answer.statusCode() != 201) {
            throw new WalletRefusedException(answer.statusCode(), problem(content));
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

    @FunctionalInterface
    private interface Reading<T> {
        T read() throws MalformedException;
    }

    private static <T> T read(Reading<T> reading) throws IOException {
        try {
            return reading.read();
        } catch (MalformedException e) {
            throw new IOException("the ledger's answer is not readable: " + e.getMessage(), e);
        }
    }
}

package org.farthing.client.wallet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.farthing.client.purse.Purse;
import org.farthing.client.wallet.LedgerCalls.Call;
import org.farthing.client.wallet.LedgerCalls.Reading;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.FreezeChange;
import org.farthing.protocol.wallet.KeyChange;
import org.farthing.protocol.wallet.LimitChange;
import org.farthing.protocol.wallet.WalletOpening;
import org.jspecify.annotations.Nullable;

/**
 * The wallet routes of a ledger or a wallet service (spec/wallets.md, F-WA-20 to F-WA-33), for the wallet that a purse has
 * there. Each request carries a new wallet request, signed with the wallet's key; what only the recovery key may do is signed
 * with that one, and the top-up carries the administrator's secret instead. Single payments are {@link PaymentsApi}'s.
 *
 * <p>Ledgers are reached over https, or over http on a loopback literal if that profile is on. Answers are read up to
 * 1 MiB, strictly. Every method blocks until the answer came. Safe to share between threads.
 */
public final class WalletApi {

    /** How long an answer may be. */
    static final int MOST_BYTES = 1 << 20;

    private final LedgerCalls calls;
    private final Purse purse;

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
        this.calls = new LedgerCalls(http, clock, loopbackProfile);
        this.purse = purse;
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
        return register(ledger, Opening.PLAIN);
    }

    /**
     * Opens the purse's wallet at a wallet service, with a recovery key and limits, or finds it open already, with what it
     * was opened with then, and notes it in the purse.
     *
     * @param ledger the service's origin
     * @param opening what it is opened with
     * @return the wallet; its {@link Wallet#recovery()} tells whether it has that recovery key
     * @throws IOException if no answer came, or a wrong one ({@link WalletRefusedException} if the service said no)
     * @throws InterruptedException if the thread was interrupted
     */
    public Wallet register(Origin ledger, Opening opening) throws IOException, InterruptedException {
        // A registration shows the keys themselves, without names, roles and times (F-WA-20).
        WalletOpening body = new WalletOpening(purse.publicKey(ledger), opening.recovery(), opening.dailyLimits());
        Wallet wallet = change(ledger, "/v1/wallets", body.format(), purse.signingKey(ledger));
        purse.remember(ledger);
        return wallet;
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
        Call call = new Call("GET", ledger, path(ledger), "");
        return await(
                signed(call, purse.signingKey(ledger)), json -> WalletAnswers.wallet(json, purse.walletId(ledger)));
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
        Call call = new Call("GET", ledger, path(ledger) + "/statement" + query, "");
        return await(
                signed(call, purse.signingKey(ledger)), json -> WalletAnswers.statement(json, purse.walletId(ledger)));
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
        Call call = new Call("POST", ledger, path(ledger) + "/topups", body);
        return await(
                calls.send(call, administratorSecret), json -> WalletAnswers.toppedUp(json, purse.walletId(ledger)));
    }

    /**
     * Sets what the wallet may spend in a day. Lowering it needs no more than the wallet's key; raising or removing it is
     * refused without the recovery key.
     *
     * @param ledger the service's origin
     * @param change the currency and the limit
     * @param recovery the recovery key, or null to sign with the wallet's own
     * @return the wallet after it
     * @throws IOException if no answer came, or a wrong one ({@link WalletRefusedException} if the service said no)
     * @throws InterruptedException if the thread was interrupted
     */
    public Wallet limit(Origin ledger, LimitChange change, @Nullable SigningKey recovery)
            throws IOException, InterruptedException {
        return change(ledger, path(ledger) + "/limits", change.format(), recovery);
    }

    /**
     * Stops the wallet: it holds nothing new, what is held settles. Its own key suffices; only the recovery key thaws it.
     *
     * @param ledger the service's origin
     * @return the wallet after it
     * @throws IOException if no answer came, or a wrong one ({@link WalletRefusedException} if the service said no)
     * @throws InterruptedException if the thread was interrupted
     */
    public Wallet freeze(Origin ledger) throws IOException, InterruptedException {
        return change(ledger, path(ledger) + "/freeze", new FreezeChange(true).format(), null);
    }

    /**
     * Lets a frozen wallet pay again.
     *
     * @param ledger the service's origin
     * @param recovery the recovery key
     * @return the wallet after it
     * @throws IOException if no answer came, or a wrong one ({@link WalletRefusedException} if the service said no)
     * @throws InterruptedException if the thread was interrupted
     */
    public Wallet thaw(Origin ledger, SigningKey recovery) throws IOException, InterruptedException {
        return change(ledger, path(ledger) + "/freeze", new FreezeChange(false).format(), recovery);
    }

    /**
     * Lets another key sign for the wallet.
     *
     * @param ledger the service's origin
     * @param key the public key
     * @param recovery the recovery key
     * @return the wallet after it
     * @throws IOException if no answer came, or a wrong one ({@link WalletRefusedException} if the service said no)
     * @throws InterruptedException if the thread was interrupted
     */
    public Wallet addKey(Origin ledger, VerificationKey key, SigningKey recovery)
            throws IOException, InterruptedException {
        return change(ledger, path(ledger) + "/keys", new KeyChange.Add(key).format(), recovery);
    }

    /**
     * Takes a key of the wallet away: what it signs from now on is worth nothing.
     *
     * @param ledger the service's origin
     * @param thumbprint which key
     * @param recovery the recovery key
     * @return the wallet after it
     * @throws IOException if no answer came, or a wrong one ({@link WalletRefusedException} if the service said no)
     * @throws InterruptedException if the thread was interrupted
     */
    public Wallet revokeKey(Origin ledger, String thumbprint, SigningKey recovery)
            throws IOException, InterruptedException {
        return change(ledger, path(ledger) + "/keys", new KeyChange.Revoke(thumbprint).format(), recovery);
    }

    private Wallet change(Origin ledger, String path, String body, @Nullable SigningKey recovery)
            throws IOException, InterruptedException {
        SigningKey key = recovery == null ? purse.signingKey(ledger) : recovery;
        Call call = new Call("POST", ledger, path, body);
        return await(signed(call, key), json -> WalletAnswers.wallet(json, purse.walletId(ledger)));
    }

    private String path(Origin ledger) {
        return "/v1/wallets/" + purse.walletId(ledger);
    }

    private CompletableFuture<byte[]> signed(Call call, SigningKey key) {
        return calls.signed(call, key, purse.walletId(call.ledger()));
    }

    private static <T> T await(CompletableFuture<byte[]> answer, Reading<T> reading)
            throws IOException, InterruptedException {
        CompletableFuture<T> read = answer.thenApply(json -> LedgerCalls.read(json, reading));
        try {
            return read.get();
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IOException("the request failed", e.getCause());
        }
    }
}

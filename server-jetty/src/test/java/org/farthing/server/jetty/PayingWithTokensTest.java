package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.farthing.client.PayingClient;
import org.farthing.client.PaymentOutcome;
import org.farthing.client.PaymentOutcome.NotCharged;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.ReceiptStatus;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.purse.Purse;
import org.farthing.client.token.BlindTokens;
import org.farthing.client.token.HeldToken;
import org.farthing.client.token.HeldToken.State;
import org.farthing.client.token.Purchase;
import org.farthing.client.token.TokenScope;
import org.farthing.protocol.Amount;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.RefundRequest;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.WalletKey;
import org.farthing.server.ledger.WalletRegistration;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.server.mint.Mint;
import org.farthing.server.mint.MintKeys;
import org.farthing.server.mint.TestMint;
import org.farthing.server.offer.Offer;
import org.farthing.server.token.AcceptedTokens;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real client at a real mint and payee: what it buys it spends, what others saw it swaps, what a disk lost it restores. */
@Timeout(60)
class PayingWithTokensTest {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final long FUNDS = 1000;
    private static final Amount BUNDLE = Amount.of(48);
    private static final long PRICE = 7;

    @TempDir
    private Path folder = Path.of("");

    private final TestClock clock = new TestClock();
    private final AtomicInteger failures = new AtomicInteger();
    private final ExecutorService completions = Executors.newFixedThreadPool(4);
    private Server server;
    private Mint mint;
    private Ledger ledger;
    private Origin origin;
    private TokenScope scope;
    private Purse purse;
    private BlindTokens tokens;
    private PayingClient client;

    @BeforeEach
    void start() throws Exception {
        server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        connector.open();
        origin = new Origin("http://127.0.0.1:" + connector.getLocalPort());
        scope = new TokenScope(origin, origin);
        ledger = SqliteLedger.open(
                folder.resolve("shop.db"),
                LedgerOptions.builder(completions).clock(clock).build());
        mint = Mint.builder(
                        origin,
                        ledger,
                        MintKeys.of(TestMint.epoch(clock.instant())),
                        TestMint.CURRENCY,
                        TestMint.LADDER)
                .bundle(Map.of(1L, 2, 2L, 1, 4L, 1, 8L, 1, 32L, 1))
                .sharing(origin)
                .clock(clock)
                .build();
        SigningKey key = SigningKey.generate(Algorithm.ED25519, null, RANDOM);
        PaymentHandler page = paywall(key)
                .ledger(ledger)
                .tokens(AcceptedTokens.of(mint.acceptedIssuer()))
                .price("/page", Offer.of(Amount.of(PRICE), TestMint.CURRENCY).build())
                .build(new Page());
        page.setClock(clock);
        MintHandler shop = MintHandler.builder(mint, paywall(key))
                .clock(clock)
                .handler(page)
                .build();
        shop.paywall().setClock(clock);
        server.setHandler(new KeysHandler(KeyDirectory.of(origin, List.of(key.publicKey())), shop));
        server.start();
        purse = Purse.create(folder.resolve("purse"), RANDOM);
        VerificationKey wallet = purse.publicKey(origin);
        Paywall.await(ledger.register(
                new WalletRegistration(purse.walletId(origin), new WalletKey(wallet.thumbprint(), wallet.toString()))));
        Paywall.await(ledger.topUp(new TopUp(purse.walletId(origin), TestMint.CURRENCY.text(), FUNDS, "start")));
        reopen();
    }

    private PaymentHandlerBuilder paywall(SigningKey key) {
        return PaymentHandler.builder(origin.text())
                .keys(key)
                .secrets(SecretRing.builder().current(RANDOM.generateSeed(32)).build())
                .loopback();
    }

    private final class Page extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            boolean fails = failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
            response.setStatus(fails ? 503 : 200);
            response.write(true, java.nio.ByteBuffer.wrap(new byte[] {'p'}), callback);
            return true;
        }
    }

    private void reopen() throws Exception {
        SpendingPolicy policy = SpendingPolicy.builder()
                .allowAnyOrigin()
                .perRequest("0.01usd")
                .total("1usd")
                .build();
        PayingClient wallet = PayingClient.builder(purse, policy)
                .clock(clock)
                .loopbackProfile()
                .build();
        tokens = BlindTokens.builder(purse, wallet)
                .clock(clock)
                .loopbackProfile()
                .build();
        client = PayingClient.builder(purse, policy)
                .clock(clock)
                .loopbackProfile()
                .journal(wallet.journal())
                .preferMethod(tokens.method())
                .build();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
        ledger.close();
        completions.shutdownNow();
    }

    private void buy() {
        assertThat(tokens.buy(scope, BUNDLE).join()).isInstanceOf(Purchase.Bought.class);
    }

    private PaymentOutcome get() throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create(origin.text() + "/page"))
                                .build(),
                        BodyHandlers.ofString())
                .outcome();
    }

    private long worth(State state) throws Exception {
        return tokens.list().stream()
                .filter(token -> token.state() == state)
                .mapToLong(token -> token.value().baseUnits())
                .sum();
    }

    private long wallet() {
        return Paywall.await(ledger.accounts(purse.walletId(origin))).get(0).available();
    }

    private void assertBooks() {
        assertThat(Paywall.await(ledger.totals())).allMatch(totals -> totals.sum() == 0);
        assertThat(Paywall.await(ledger.check()).sound()).isTrue();
    }

    @Test
    @Requirement({"F-TK-122", "F-TK-128", "F-TK-133"})
    void buyAndPay_exactly_andChangeWhereTheTokensAreTooLarge() throws Exception {
        buy();
        assertThat(wallet()).isEqualTo(FUNDS - 48);
        for (int payments = 1; payments <= 4; payments++) {
            assertThat(((Served) get()).receiptStatus()).isEqualTo(ReceiptStatus.VALID);
            assertThat(worth(State.READY)).isEqualTo(48 - payments * PRICE);
        }
        assertThat(wallet()).as("the wallet paid for tokens only").isEqualTo(FUNDS - 48);
        assertBooks();
    }

    @Test
    @Requirement({"F-TK-125", "F-TK-127", "F-TK-61", "T70"})
    void released_isSwappedWhenThePayeeKeepsTheSerialsNoLonger() throws Exception {
        buy();
        failures.set(1);
        assertThat(get()).isInstanceOf(NotCharged.class);
        assertThat(worth(State.EXPOSED)).isEqualTo(PRICE);
        assertThat(tokens.swap(scope).join().fresh()).isEmpty();
        clock.advance(Duration.ofMinutes(30));
        BlindTokens.Swapped swapped = tokens.swap(scope).join();
        assertThat(swapped.spent()).isEmpty();
        assertThat(swapped.fresh()).isNotEmpty();
        assertThat(worth(State.READY)).isEqualTo(48);
        assertThat(get()).isInstanceOf(Served.class);
        assertBooks();
    }

    @Test
    @Requirement({"F-TK-129", "F-TK-87"})
    void restore_afterALostDisk_hasWhatWasNotSpentAndPaysWithIt() throws Exception {
        buy();
        assertThat(get()).isInstanceOf(Served.class);
        Files.delete(folder.resolve("purse/tokens.jsonl"));
        reopen();
        clock.advance(Duration.ofMinutes(2));
        List<HeldToken> restored = tokens.restore(scope).join();
        assertThat(restored).hasSize(6).allMatch(token -> token.state() == State.EXPOSED);
        assertThat(tokens.swap(scope).join().spent()).hasSize(3);
        assertThat(worth(State.READY)).isEqualTo(48 - PRICE);
        assertThat(get()).isInstanceOf(Served.class);
        assertThat(wallet()).isEqualTo(FUNDS - 48);
        buy();
        assertThat(worth(State.READY)).isEqualTo(48 - PRICE - PRICE + 48);
        assertBooks();
    }

    @Test
    @Requirement({"F-TK-178", "F-TK-173", "T60"})
    void recall_afterTheIssuerClosedAKey_getsOthersForWhatWasBought() throws Exception {
        buy();
        IssuerDirectory directory = tokens.directory(origin).join();
        mint.closeKey(
                directory.keyOfValue(8, clock.instant()).orElseThrow().key().keyId(), "its file was copied");
        clock.advance(Duration.ofHours(2));
        assertThat(tokens.swap(scope).join().fresh())
                .as("a swap opens no token")
                .isEmpty();
        assertThat(tokens.recall(scope).join().fresh())
                .hasSizeGreaterThan(1)
                .extracting(token -> token.value().baseUnits())
                .doesNotContain(8L);
        assertThat(worth(State.READY)).isEqualTo(48);
        assertThat(tokens.recall(scope).join().fresh()).as("once").isEmpty();
        assertThat(get()).isInstanceOf(Served.class);
        assertBooks();
    }

    @Test
    @Requirement({"F-TK-137", "F-TK-92", "T54"})
    void refund_ofAPayment_isFreshTokensOnceForWhoPaid() throws Exception {
        buy();
        Served served = (Served) get();
        String challengeId = served.payment().challengeId();
        assertThatThrownBy(() ->
                        tokens.refund(origin, challengeId, Amount.of(PRICE)).join())
                .hasMessageContaining("NOT_FOUND");
        Paywall.await(ledger.refund(new RefundRequest(challengeId, PRICE, "back", "by mistake")));
        assertThatThrownBy(() ->
                        tokens.refund(origin, challengeId, Amount.of(PRICE - 1)).join())
                .hasMessageContaining("AMOUNT_MISMATCH");
        reopen();
        assertThat(tokens.refund(origin, challengeId, Amount.of(PRICE)).join()).hasSize(3);
        assertThat(worth(State.READY)).isEqualTo(48);
        assertThatThrownBy(() ->
                        tokens.refund(origin, challengeId, Amount.of(PRICE)).join())
                .as("once")
                .hasMessageContaining("NOT_FOUND");
        assertThat(worth(State.READY)).isEqualTo(48);
        assertThat(tokens.open()).isEmpty();
        assertThat(wallet()).as("never to a wallet").isEqualTo(FUNDS - 48);
        assertBooks();
    }
}

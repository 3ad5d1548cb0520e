package org.farthing.server.app;

import static org.farthing.server.app.Demo.require;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.farthing.client.PaidResponse;
import org.farthing.client.PayingClient;
import org.farthing.client.PaymentEvent;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.ReceiptStatus;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.purse.Purse;
import org.farthing.client.token.BlindTokens;
import org.farthing.client.token.HeldToken;
import org.farthing.client.token.Purchase;
import org.farthing.client.token.TokenEvent;
import org.farthing.client.token.TokenScope;
import org.farthing.client.wallet.WalletApi;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;

/**
 * The part of the story without names: tokens bought at a mint, spent at the shop, refused when they are spent again, changed,
 * and paid out. Each step is checked as it is told.
 */
final class DemoTokenTour {

    /** The shop presents what it took after this time; in earnest it is minutes or hours. */
    static final Duration PRESENTED_EVERY = Duration.ofSeconds(1);

    private static final CurrencyId CURRENCY = new CurrencyId("usd.e6");
    private static final Money FILLED = Shown.money("0.05usd");
    private static final Money BUNDLE = Shown.money("0.01usd");
    private static final String DOCUMENT = "/spec/money.md";
    private static final String LARGER_PRICE = "0.005usd";

    private final DocumentShop shop;
    private final DemoShelf shelf;
    private final DemoMint mint;
    private final TokenScope scope;
    private final Path folder;
    private final InstantSource clock;
    private final DemoStory say;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final AtomicReference<Credential> overheard = new AtomicReference<>();
    private Money spent = Money.zero(CURRENCY.code());

    DemoTokenTour(DocumentShop shop, DemoShelf shelf, DemoMint mint, Path folder, InstantSource clock, DemoStory say) {
        this.shop = shop;
        this.shelf = shelf;
        this.mint = mint;
        this.scope = new TokenScope(mint.origin(), shop.origin());
        this.folder = folder;
        this.clock = clock;
        this.say = say;
    }

    /** Tells it from start to end. */
    void tell() throws IOException, InterruptedException, MalformedException {
        DemoSettlement settlement = new DemoSettlement(shop, mint, say);
        meet();
        Purse purse = Purse.create(folder, new SecureRandom());
        PayingClient wallet = openWallet(purse);
        BlindTokens tokens = BlindTokens.builder(purse, wallet)
                .clock(clock)
                .loopbackProfile()
                .listener(this::hear)
                .build();
        buy(tokens, purse);
        PayingClient client = PayingClient.builder(purse, policy(shop.origin().text()))
                .journal(wallet.journal())
                .methods(List.of(new Overheard(tokens.method(), overheard::set)))
                .loopbackProfile()
                .clock(clock)
                .listener(this::hear)
                .build();
        pay(client, purse);
        payAgain();
        change(client);
        settlement.settle(spent, Money.of(worth(tokens.list()), CURRENCY), BUNDLE);
    }

    private static SpendingPolicy policy(String origin) {
        return SpendingPolicy.builder()
                .allowOrigin(origin)
                .perRequest("0.01usd")
                .total("0.01usd")
                .build();
    }

    private void meet() {
        say.step("A mint, for payments without a name");
        say.row("mint", mint.origin() + ", with keys and books of its own");
        say.row("sells", "tokens worth " + values() + " USD, one key for each value");
        say.row("to", "any wallet there, for " + mint.values().sums() + " at once, and no other sum");
        DemoWait.until(
                "The shop does not take the mint's tokens.",
                () -> offer(DOCUMENT).isPresent());
        say.row("402", "of the shop, now with one more offer: tokens of the mint, for this shop only");
    }

    private String values() {
        List<Long> values = mint.values().denominations().values();
        return number(values.get(0)) + " to " + number(values.get(values.size() - 1));
    }

    private static String number(long baseUnits) {
        String text = Money.of(Amount.of(baseUnits), CURRENCY).format();
        return text.substring(0, text.indexOf(' '));
    }

    private PayingClient openWallet(Purse purse) throws IOException, InterruptedException {
        WalletApi wallets = new WalletApi(http, purse, clock, true);
        wallets.register(mint.origin());
        wallets.topUp(
                mint.origin(),
                CURRENCY,
                FILLED.toAmount(CURRENCY),
                "demo-token-tour-" + purse.walletId(mint.origin()),
                mint.administratorSecret());
        return PayingClient.builder(purse, policy(mint.origin().text()))
                .loopbackProfile()
                .clock(clock)
                .build();
    }

    private void buy(BlindTokens tokens, Purse purse) {
        say.step("A program buys tokens, before it knows what for");
        say.row("wallet", purse.walletId(mint.origin()) + " at the mint, filled with " + FILLED);
        Purchase purchase = tokens.buy(scope, BUNDLE.toAmount(CURRENCY)).join();
        if (!(purchase instanceof Purchase.Bought bought)) {
            throw new CommandFailedException("The tokens were not bought: " + purchase);
        }
        require(worth(bought.tokens()).equals(BUNDLE.toAmount(CURRENCY)), "The tokens are not worth what they cost.");
        say.row("bought", bought.tokens().size() + " tokens for " + BUNDLE + ", taken from the wallet");
        say.line("The mint knows who bought. It signed blinded messages, and will not know the tokens again.");
    }

    private void hear(TokenEvent event) {
        switch (event.step()) {
            case BEGUN ->
                say.row(
                        "made",
                        event.tokens() + " blinded messages, from the purse's secret and counters that are on disk");
            case VERIFIED -> say.row("verified", "every signature, unblinded");
            default -> {
                // The rest is told by who asked.
            }
        }
    }

    private void pay(PayingClient client, Purse purse) throws IOException, InterruptedException {
        say.step("It pays the shop, where it has no wallet");
        say.row("GET", DOCUMENT);
        PaymentReceipt receipt = served(client, DOCUMENT);
        Credential shown = shown();
        String names = shown.token68() + shown.payload() + receipt.members();
        require(shown.source() == null, "The payment says who pays.");
        require(!names.contains(purse.walletId(mint.origin())), "The payment names the wallet at the mint.");
        require(!names.contains(purse.walletId(shop.origin())), "The payment names a wallet at the shop.");
        require(
                shop.ledger()
                        .accounts(purse.walletId(shop.origin()))
                        .toCompletableFuture()
                        .join()
                        .isEmpty(),
                "The shop has an account of the payer.");
        say.row(
                "receipt",
                receipt.reference() + ", for " + receipt.members().get("tokens") + " tokens; no payer, no balance");
        say.line("The shop verified them with the mint's public keys and asked nobody. It knows no wallet.");
    }

    private void hear(PaymentEvent event) {
        if (event instanceof PaymentEvent.Checked checked) {
            say.row(
                    "402",
                    checked.proposal().money() + " asked for; the mint's keys are the same for shop and program");
        } else if (event instanceof PaymentEvent.Sending) {
            say.row("GET", "again, with tokens that make up the price");
        } else if (event instanceof PaymentEvent.Answered answered) {
            say.row(
                    "answer",
                    answered.status() + ", money: "
                            + (answered.outcome() == null
                                    ? "?"
                                    : answered.outcome().token()));
        }
    }

    private PaymentReceipt served(PayingClient client, String path) throws IOException, InterruptedException {
        PaidResponse<String> done = client.send(request(path).build(), BodyHandlers.ofString());
        if (!(done.outcome() instanceof Served served)) {
            throw new CommandFailedException(path + " was not served for tokens: " + done.outcome());
        }
        PaymentReceipt receipt = served.receipt();
        if (receipt == null) {
            throw new CommandFailedException("An answer paid with tokens came without a receipt.");
        }
        require(served.receiptStatus() == ReceiptStatus.VALID, "The receipt for " + path + " does not hold.");
        require(
                done.response().map(HttpResponse::body).equals(shelf.content(path)),
                "What was bought at " + path + " is not the document.");
        spent = spent.plus(served.payment().proposal().money());
        return receipt;
    }

    /** The credential that paid the shop. */
    private Credential shown() {
        Credential shown = overheard.get();
        if (shown == null) {
            throw new CommandFailedException("No payment with tokens was seen on its way to the shop.");
        }
        return shown;
    }

    /** What a thief would do who saw the tokens: the shop's own books refuse it. */
    private void payAgain() throws IOException, InterruptedException, MalformedException {
        say.step("The same tokens, once more");
        Challenge challenge = offer(DOCUMENT)
                .orElseThrow(() -> new CommandFailedException("The shop does not take tokens any more."));
        Credential again = Credential.of(challenge, null, shown().payload());
        HttpResponse<String> answer = http.send(
                request(DOCUMENT).header("Authorization", again.format()).build(), BodyHandlers.ofString());
        Problem problem = Problem.parse(answer.body());
        require(
                answer.statusCode() == 402 && problem.type() == ProblemType.TOKEN_SPENT,
                "Tokens that were spent were answered " + answer.statusCode() + ".");
        say.row("GET", DOCUMENT + ", a new price, and the tokens of before");
        say.row(
                "answer",
                "402, code " + problem.type().code() + ": numbers "
                        + problem.extensions().get("spent") + " of those shown were used");
    }

    private void change(PayingClient client) throws IOException, InterruptedException {
        say.step("Change");
        String path = shelf.documents().stream()
                .filter(document -> document.pagePrice().equals(LARGER_PRICE))
                .findFirst()
                .orElseThrow(() -> new CommandFailedException("Nothing costs " + LARGER_PRICE + "."))
                .pagePath();
        say.row("GET", path + ", for which no four of its tokens are right: it gives some for others");
        var unused = served(client, path);
        say.line("The shop passed the exchange on to the mint, because it alone knows which tokens it took.");
    }

    private static Amount worth(List<HeldToken> tokens) {
        return tokens.stream()
                .filter(token -> token.state() == HeldToken.State.READY)
                .map(HeldToken::value)
                .reduce(Amount.ZERO, Amount::plus);
    }

    /** What the shop asks in tokens, if it does. */
    private Optional<Challenge> offer(String path) {
        try {
            HttpResponse<String> answer = http.send(request(path).build(), BodyHandlers.ofString());
            return Challenge.parseAll(answer.headers().allValues("WWW-Authenticate")).challenges().stream()
                    .filter(challenge -> challenge.method().equals("token"))
                    .findFirst();
        } catch (IOException e) {
            throw new CommandFailedException("The shop does not answer.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException("stopped", e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(shop.origin().text() + path));
    }
}

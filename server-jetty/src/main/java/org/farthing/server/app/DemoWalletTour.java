package org.farthing.server.app;

import static org.farthing.server.app.Demo.require;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.farthing.client.PaidResponse;
import org.farthing.client.PayingClient;
import org.farthing.client.PaymentEvent;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.ReceiptStatus;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.purse.Purse;
import org.farthing.client.wallet.Opening;
import org.farthing.client.wallet.WalletApi;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.collect.Reconciliation;
import org.farthing.server.collect.ReconciliationReport;
import org.farthing.server.collect.ServiceCallException;
import org.farthing.server.collect.SignedServiceCalls;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.ledger.Account;
import org.farthing.server.ledger.OutboxItem;
import org.farthing.server.ledger.Totals;
import org.farthing.server.ledger.VouchedPayment;

/**
 * The second half of the story: the same purchase, paid at a wallet service that serves many shops. Each step is checked as it
 * is told.
 */
final class DemoWalletTour {

    private static final CurrencyId CURRENCY = new CurrencyId("usd.e6");
    private static final String DOCUMENT = "/spec/money.md";
    private static final Money FILLED = Shown.money("0.05usd");
    private static final Money A_DAY = Shown.money("0.02usd");
    private static final int MOST_PAYMENTS = 1000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final DocumentShop shop;
    private final DemoShelf shelf;
    private final DemoService service;
    private final DemoFolder folder;
    private final InstantSource clock;
    private final DemoStory say;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();

    DemoWalletTour(
            DocumentShop shop,
            DemoShelf shelf,
            DemoService service,
            DemoFolder folder,
            InstantSource clock,
            DemoStory say) {
        this.shop = shop;
        this.shelf = shelf;
        this.service = service;
        this.folder = folder;
        this.clock = clock;
        this.say = say;
    }

    /** Tells it from start to end. */
    void tell() throws IOException, InterruptedException, MalformedException {
        meet();
        // A store of the user's may remember earlier tours.
        Money owedBefore = owed();
        Purse purse = openWallet();
        Money price = buy(purse);
        collect(price, owedBefore);
        compare(purse, price);
    }

    private void meet() throws IOException, InterruptedException, MalformedException {
        say.step("A wallet service, for many shops");
        say.row("service", service.origin() + ", with keys and books of its own");
        say.row("registered", service.admit(shop.origin()).registration().origin() + " may be paid from there");
        HttpResponse<String> answer = http.send(request(), BodyHandlers.ofString());
        List<Challenge> offers =
                Challenge.parseAll(answer.headers().allValues("WWW-Authenticate")).challenges().stream()
                        .filter(offer -> offer.method().equals("wallet"))
                        .toList();
        require(offers.size() == 2, "The shop should offer two kinds of wallets, it offers " + offers.size() + ".");
        Object providers = offers.get(1).paymentRequest().methodDetails().get("providers");
        require(service.origin().text().equals(providers), "The second offer does not name the wallet service.");
        say.row("402", "now with two offers: a wallet at the shop itself, or one at the service");
    }

    private Purse openWallet() throws IOException, InterruptedException {
        say.step("Another program has its wallet there");
        SecureRandom random = new SecureRandom();
        Purse purse = Purse.create(folder.serviceTourWallet(), random);
        purse.services().add(service.origin(), true);
        SigningKey recovery = SigningKey.generate(Algorithm.ED25519, null, random);
        WalletApi wallets = new WalletApi(http, purse, clock, true);
        wallets.register(service.origin(), new Opening(recovery.publicKey(), List.of(A_DAY)));
        wallets.topUp(
                service.origin(),
                CURRENCY,
                FILLED.toAmount(CURRENCY),
                "demo-service-tour",
                service.administratorSecret());
        say.row("wallet", purse.walletId(service.origin()) + ", another key than the shop's customers know it by");
        say.row("filled", FILLED.format());
        say.row("a day", "at most " + A_DAY.format() + "; only a key that is kept elsewhere can raise it");
        return purse;
    }

    private Money buy(Purse purse) throws IOException, InterruptedException {
        say.step("The same document, paid there");
        PayingClient client = PayingClient.builder(
                        purse,
                        SpendingPolicy.builder()
                                .allowOrigin(shop.origin().text())
                                .perRequest("0.01usd")
                                .total("0.01usd")
                                .build())
                .viaWalletServices()
                .loopbackProfile()
                .clock(clock)
                .listener(this::hear)
                .build();
        say.row("GET", DOCUMENT);
        PaidResponse<String> done = client.send(request(), BodyHandlers.ofString());
        if (!(done.outcome() instanceof Served served)) {
            throw new CommandFailedException(DOCUMENT + " was not served by way of the service: " + done.outcome());
        }
        require(served.receiptStatus() == ReceiptStatus.VALID, "The receipt for " + DOCUMENT + " does not hold.");
        require(
                done.response().map(HttpResponse::body).equals(shelf.content(DOCUMENT)),
                "What was bought at " + DOCUMENT + " is not the document.");
        PaymentReceipt receipt = served.receipt();
        say.row("receipt", receipt == null ? "" : receipt.reference() + ", signed by the shop");
        return served.payment().proposal().money();
    }

    private void hear(PaymentEvent event) {
        if (event instanceof PaymentEvent.Counted counted) {
            say.row(
                    "counted",
                    counted.payment().proposal().money().format()
                            + " against the budget, on disk before anything is signed");
        } else if (event instanceof PaymentEvent.Exchanging exchanging) {
            say.row("POST", exchanging.service() + "/v1/payments, the order and the shop's signed offer");
        } else if (event instanceof PaymentEvent.Vouched vouched) {
            say.row("receipt", "token of " + vouched.service() + ": the money is set aside for this one request");
        } else if (event instanceof PaymentEvent.Sending) {
            say.row("GET", "again, with the token; the shop verifies it without asking anybody");
        } else if (event instanceof PaymentEvent.Answered answered) {
            say.row(
                    "answer",
                    answered.status() + ", money: "
                            + (answered.outcome() == null
                                    ? "?"
                                    : answered.outcome().token()));
        }
    }

    private void collect(Money price, Money owedBefore) {
        say.step("The shop collects, after it has served");
        awaitEmptyOutbox();
        say.row("outbox", "empty: the capture was written with the sale, and told to the service since");
        Money owed = owed();
        require(owed.equals(owedBefore.plus(price)), "The service should owe the shop " + price + " more.");
        say.row("owed", owed.format() + " by the service, in the shop's books");
    }

    /** What the service owes the shop, by the shop's books, which must add up. */
    private Money owed() {
        Money owed = Money.zero(CURRENCY.code());
        for (Totals totals : ask(shop.ledger().totals())) {
            require(totals.sum() == 0, "The shop's accounts do not add up to zero.");
            owed = owed.plus(money(totals.receivable(), totals.currency()));
        }
        return owed;
    }

    /** The courier works beside us; this asks the books until it has told everything. */
    private void awaitEmptyOutbox() {
        CompletableFuture<Void> empty = new CompletableFuture<>();
        askOutbox(empty);
        empty.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .exceptionally(late -> {
                    throw new CommandFailedException(
                            "The shop could not collect within " + PATIENCE.toSeconds() + " s.");
                })
                .join();
    }

    private void askOutbox(CompletableFuture<Void> empty) {
        CompletableFuture<Void> unused = shop.ledger()
                .outbox()
                .items(OutboxItem.State.WAITING, 0, 1)
                .thenAccept(waiting -> {
                    if (waiting.isEmpty()) {
                        empty.complete(null);
                    } else if (!empty.isDone()) {
                        CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS)
                                .execute(() -> askOutbox(empty));
                    }
                })
                .toCompletableFuture();
    }

    private void compare(Purse purse, Money price) throws IOException {
        say.step("Both sides' books");
        List<Account> accounts = ask(service.ledger().accounts(purse.walletId(service.origin())));
        require(accounts.size() == 1, "The wallet at the service should have one account.");
        Account account = accounts.get(0);
        Money left = money(account.available(), account.currency());
        require(account.held() == 0, "Something is still set aside at the service.");
        require(left.equals(FILLED.minus(price)), "The wallet has " + left + ", which is not what is left.");
        require(ask(service.ledger().check()).sound(), "The service's own check found something.");
        require(ask(shop.ledger().check()).sound(), "The shop's own check found something.");
        say.row("wallet", left.format() + " left of " + FILLED.format());
        long collected =
                ask(service.ledger().payments().list(shop.origin().text(), null, MOST_PAYMENTS)).payments().stream()
                        .mapToLong(VouchedPayment::captured)
                        .sum();
        reconcile().agreed().forEach((currency, sum) -> {
            require(sum.amount() == collected, "Both sides agree on another sum than the service paid out.");
            say.row(
                    "reconcile",
                    "both agree to the base unit: " + Shown.amount(sum.amount(), currency) + " in " + sum.payments()
                            + (sum.payments() == 1 ? " payment" : " payments"));
        });
    }

    private ReconciliationReport reconcile() throws IOException {
        SigningKey key = KeyFiles.in(folder.keys())
                .load(clock.instant())
                .signingAt(clock.instant())
                .orElseThrow(() -> new CommandFailedException("The shop has no key that can be used now."));
        try (SignedServiceCalls calls = SignedServiceCalls.open(key, clock)) {
            ReconciliationReport report = Reconciliation.compare(
                    shop.ledger().outbox(),
                    calls,
                    service.origin(),
                    shop.origin(),
                    clock.instant().minus(Duration.ofDays(1)));
            require(
                    report.differing() == 0
                            && report.pending().isEmpty()
                            && !report.agreed().isEmpty(),
                    "The books of shop and service differ: " + report.differences());
            return report;
        } catch (ServiceCallException e) {
            throw new CommandFailedException("The service does not answer: " + e.getMessage(), e);
        }
    }

    private HttpRequest request() {
        return HttpRequest.newBuilder(URI.create(shop.origin().text() + DOCUMENT))
                .build();
    }

    private static Money money(long baseUnits, String currency) {
        return Money.of(Amount.of(baseUnits), new CurrencyId(currency));
    }

    private static <T> T ask(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}

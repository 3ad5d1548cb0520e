package org.farthing.server.app;

import static org.farthing.server.app.Demo.require;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import org.farthing.client.DeclineReason;
import org.farthing.client.PaidResponse;
import org.farthing.client.PayingClient;
import org.farthing.client.PaymentEvent;
import org.farthing.client.PaymentOutcome.Declined;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.ReceiptStatus;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.purse.Purse;
import org.farthing.client.wallet.Account;
import org.farthing.client.wallet.WalletApi;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.DetachedJws;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.ReceiptVerifier;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.server.keys.KeyFiles;

/**
 * The story: a price, a wallet, purchases within a budget, a receipt, refusals, and the books. Each step is checked as it is
 * told; the first that is not as it should be ends the demo.
 */
final class DemoTour {

    private static final CurrencyId CURRENCY = new CurrencyId("usd.e6");
    private static final String FILLED = "0.05usd";
    private static final String PER_REQUEST = "0.01usd";
    private static final String IN_ALL = "0.005usd";

    private final DocumentShop shop;
    private final DemoShelf shelf;
    private final Path adminFile;
    private final Path store;
    private final Origin origin;
    private final Path wallet;
    private final InstantSource clock;
    private final DemoStory say;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private Money spent = Money.zero("usd");
    private boolean talks;

    DemoTour(DocumentShop shop, DemoShelf shelf, DemoFolder folder, InstantSource clock, DemoStory say) {
        this.shop = shop;
        this.shelf = shelf;
        this.origin = shop.origin();
        this.wallet = folder.tourWallet();
        this.store = folder.store();
        this.adminFile = KeyFiles.in(folder.keys()).adminFile();
        this.clock = clock;
        this.say = say;
    }

    /** Tells it from start to end. */
    void tell() throws IOException, InterruptedException, MalformedException {
        openShop();
        askWithoutPaying();
        Purse purse = openWallet();
        PayingClient client = PayingClient.builder(purse, policy())
                .loopbackProfile()
                .clock(clock)
                .listener(this::hear)
                .build();
        PaymentReceipt receipt = buy(client, "/spec/money.md");
        verify(receipt);
        say.step("Two more documents, as pages");
        buyAlso(client, "/spec/wallet-order.html");
        buyAlso(client, "/spec/client.html");
        refuse(client);
        new DemoBooks(shop.ledger(), say).balance(purse.walletId(origin), Shown.money(FILLED), spent);
    }

    private void openShop() {
        say.step("A server that sells");
        say.line(origin + " sells " + shelf.documents().size() + " documents, this project's own specification,");
        say.line("as Markdown and as pages, at 0.0005 to 0.02 USD each. Money is kept in one SQLite file,");
        say.line(store.toString());
    }

    private void askWithoutPaying() throws IOException, InterruptedException, MalformedException {
        say.step("Somebody asks, and does not pay");
        HttpResponse<String> answer = http.send(request("/spec/money.md"), BodyHandlers.ofString());
        require(answer.statusCode() == 402, "An unpaid request was answered " + answer.statusCode() + ", not 402.");
        Challenge challenge =
                Challenge.parse(answer.headers().firstValue("WWW-Authenticate").orElse(""));
        PaymentRequest asked = challenge.paymentRequest();
        require(challenge.jws() != null, "The price is not signed.");
        require(origin.text().equals(asked.recipient()), "The payee is not the server.");
        Problem problem = Problem.parse(answer.body());
        require(problem.type() == ProblemType.PAYMENT_REQUIRED, "The 402 says something else than PAYMENT_REQUIRED.");
        say.row("GET", "/spec/money.md");
        say.row("answer", "402 Payment Required, code " + problem.type().code());
        say.row("price", Money.of(asked.amount(), asked.currency()).format());
        say.row("payee", String.valueOf(asked.recipient()));
        say.row("until", challenge.expires() + ", for this request only");
        say.row("signed", "by the payee, key " + shorten(DetachedJws.kid(String.valueOf(challenge.jws()))));
    }

    private Purse openWallet() throws IOException, InterruptedException, MalformedException {
        say.step("A program gets a wallet at this server");
        Purse purse = Purse.create(wallet, new SecureRandom());
        WalletApi wallets = new WalletApi(http, purse, clock, true);
        wallets.register(origin);
        String secret = Files.readString(adminFile).strip();
        Account account = wallets.topUp(origin, CURRENCY, Shown.money(FILLED).toAmount(CURRENCY), "demo-tour", secret);
        require(
                account.available().equals(Shown.money(FILLED).toAmount(CURRENCY)),
                "The wallet was filled with " + FILLED + " and has something else.");
        say.row("wallet", purse.walletId(origin) + ", opened with a key only the program has");
        say.row("filled", Shown.money(FILLED).format() + ", by the operator of the server");
        return purse;
    }

    private SpendingPolicy policy() {
        return SpendingPolicy.builder()
                .allowOrigin(origin.text())
                .perRequest(PER_REQUEST)
                .total(IN_ALL)
                .build();
    }

    private PaymentReceipt buy(PayingClient client, String path) throws IOException, InterruptedException {
        say.step("The program buys it by itself, within the limits its owner set");
        say.row(
                "limits",
                "only this server, " + Shown.money(PER_REQUEST) + " a request, " + Shown.money(IN_ALL) + " in all");
        say.row("GET", path);
        talks = true;
        PaidResponse<String> done = client.send(request(path), BodyHandlers.ofString());
        talks = false;
        Served served = served(done, path);
        String text = done.response().map(HttpResponse::body).orElse("");
        say.row(
                "received",
                text.length() + " characters, beginning with \""
                        + text.lines().findFirst().orElse("") + "\"");
        PaymentReceipt receipt = served.receipt();
        if (receipt == null) {
            throw new CommandFailedException("A paid answer came without a receipt.");
        }
        return receipt;
    }

    private void hear(PaymentEvent event) {
        if (!talks) {
            return;
        }
        if (event instanceof PaymentEvent.Checked checked) {
            say.row("402", checked.proposal().money().format() + " asked for");
            say.row("checked", "signed with a key this server publishes; for this request, this payee, this time");
        } else if (event instanceof PaymentEvent.Counted counted) {
            say.row(
                    "counted",
                    counted.payment().proposal().money().format()
                            + " against the budget, on disk before anything is signed");
        } else if (event instanceof PaymentEvent.Signed) {
            say.row("signed", "an order to take exactly this much for exactly this request");
        } else if (event instanceof PaymentEvent.Sending) {
            say.row("GET", "again, with the order");
        } else if (event instanceof PaymentEvent.Answered answered) {
            say.row(
                    "answer",
                    answered.status() + ", money: "
                            + (answered.outcome() == null
                                    ? "?"
                                    : answered.outcome().token()));
        }
    }

    private void buyAlso(PayingClient client, String path) throws IOException, InterruptedException {
        PaidResponse<String> done = client.send(request(path), BodyHandlers.ofString());
        Served served = served(done, path);
        say.row(
                "bought",
                String.format(
                        "%-26s %s", path, served.payment().proposal().money().format()));
    }

    /** Requires that an answer was paid for, is the document, and has a receipt that holds. */
    private Served served(PaidResponse<String> done, String path) {
        if (!(done.outcome() instanceof Served served)) {
            throw new CommandFailedException(path + " was not served: " + done.outcome());
        }
        require(served.receiptStatus() == ReceiptStatus.VALID, "The receipt for " + path + " does not hold.");
        require(
                done.response().map(HttpResponse::body).equals(shelf.content(path)),
                "What was bought at " + path + " is not the document.");
        spent = spent.plus(served.payment().proposal().money());
        return served;
    }

    private void verify(PaymentReceipt receipt) throws IOException, InterruptedException, MalformedException {
        say.step("The receipt, which anybody can check");
        HttpResponse<byte[]> keys = http.send(request(KeyDirectory.WELL_KNOWN_PATH), BodyHandlers.ofByteArray());
        try {
            ReceiptVerifier.verify(receipt, KeyDirectory.parse(keys.body()), clock.instant());
        } catch (SignatureRejectedException e) {
            throw new CommandFailedException("The receipt does not hold: " + e.getMessage());
        }
        say.row("payee", receipt.recipient().orElse(""));
        say.row("paid", paid(receipt) + ", " + receipt.timestamp());
        say.row("reference", receipt.reference());
        say.row("verified", "with the keys from " + origin + KeyDirectory.WELL_KNOWN_PATH);
    }

    private static String paid(PaymentReceipt receipt) throws MalformedException {
        Amount amount = Amount.parse(receipt.amount().orElse(""), "receipt.amount");
        return Money.of(amount, CurrencyId.parse(receipt.currency().orElse(""), "receipt.currency"))
                .format();
    }

    private void refuse(PayingClient client) throws IOException, InterruptedException {
        say.step("Two that the limits do not allow");
        refused(client, "/spec/whole.html", DeclineReason.PER_REQUEST_LIMIT);
        refused(client, "/spec/keys.html", DeclineReason.TOTAL_LIMIT);
        say.line("The program got the 402 instead. Nothing was signed, and nothing was sent.");
    }

    private void refused(PayingClient client, String path, DeclineReason why) throws IOException, InterruptedException {
        PaidResponse<String> done = client.send(request(path), BodyHandlers.ofString());
        if (!(done.outcome() instanceof Declined declined) || declined.why() != why) {
            throw new CommandFailedException(path + " should have been refused by the budget: " + done.outcome());
        }
        say.row("not paid", String.format("%-18s %s", path, declined.words()));
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(URI.create(origin.text() + path)).build();
    }

    private static String shorten(String id) {
        return id.length() <= 12 ? id : id.substring(0, 12) + "…";
    }
}

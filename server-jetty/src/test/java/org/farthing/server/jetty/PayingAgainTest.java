package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.farthing.client.PayingClient;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.ReceiptStatus;
import org.farthing.client.budget.JournalEntry;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.purse.Purse;
import org.farthing.client.wallet.WalletApi;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.RefundRequest;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.offer.Offer;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real client at a real server: it chooses an offer, comes again with its pass, and pays again when that is revoked. */
@Timeout(60)
class PayingAgainTest {

    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    private Path folder = Path.of("");

    private Server server;
    private Ledger ledger;
    private Origin origin;
    private Purse purse;

    @BeforeEach
    void start() throws Exception {
        server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        connector.open();
        origin = new Origin("http://127.0.0.1:" + connector.getLocalPort());
        SigningKey key = SigningKey.generate(Algorithm.ED25519, null, RANDOM);
        ledger = SqliteLedger.open(
                folder.resolve("shop.db"),
                LedgerOptions.builder(server.getThreadPool()).build());
        Duration hour = Duration.ofHours(1);
        PaymentHandler paid = PaymentHandler.builder(origin.text())
                .keys(key)
                .secrets(SecretRing.builder().current(RANDOM.generateSeed(32)).build())
                .ledger(ledger)
                .price(
                        "/docs/*",
                        List.of(
                                Offer.of("0.002usd").pass(hour).build(),
                                Offer.of("3 unit:pages").pass(hour).build()))
                .loopback()
                .build(Paywall.text("the document"));
        server.setHandler(new KeysHandler(
                KeyDirectory.of(origin, List.of(key.publicKey())),
                WalletHandler.builder(origin, ledger).handler(paid).build()));
        server.start();
        purse = Purse.create(folder.resolve("purse"), RANDOM);
        String wallet = new WalletApi(HttpClient.newHttpClient(), purse, InstantSource.system(), true)
                .register(origin)
                .id();
        Paywall.await(ledger.topUp(new TopUp(wallet, "unit:pages", 10, "pages")));
        Paywall.await(ledger.topUp(new TopUp(wallet, "usd.e6", 1_000_000, "money")));
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
        ledger.close();
    }

    @Test
    @Requirement({"S29", "F-CL-13", "F-PA-4", "F-PA-11", "F-PA-20", "F-PA-22", "F-SV-26"})
    void preferredCurrencyIsPaidOnce_thePassIsFree_andAfterARefundItIsPaidOnceMore() throws Exception {
        SpendingPolicy budget = SpendingPolicy.builder()
                .allowOrigin(origin.text())
                .perRequest("0.01usd")
                .total("1usd")
                .perRequest("5 unit:pages")
                .total("10 unit:pages")
                .build();
        PayingClient client = PayingClient.builder(purse, budget)
                .prefer("unit:pages")
                .loopbackProfile()
                .build();
        buy(client);
        buy(client);
        buy(client);
        assertThat(spent(client)).containsExactly("3 unit:pages", "0 unit:pages", "0 unit:pages");
        assertThat(pages()).isEqualTo(7);

        String first = client.journal().entries().get(0).challengeId();
        Paywall.await(ledger.refund(new RefundRequest(first, 3, "back", "by mistake")));
        assertThat(pages()).isEqualTo(10);
        buy(client);
        assertThat(spent(client))
                .containsExactly("3 unit:pages", "0 unit:pages", "0 unit:pages", "0 unit:pages", "3 unit:pages");
        assertThat(pages()).isEqualTo(7);
        buy(client);
        assertThat(pages()).as("with the pass of the second payment").isEqualTo(7);
    }

    private void buy(PayingClient client) throws Exception {
        var answer = client.send(
                HttpRequest.newBuilder(URI.create(origin + "/docs/a")).build(), BodyHandlers.ofString());
        assertThat(answer.outcome()).isInstanceOf(Served.class);
        assertThat(((Served) answer.outcome()).receiptStatus()).isEqualTo(ReceiptStatus.VALID);
        assertThat(answer.response().orElseThrow().body()).isEqualTo("the document");
    }

    private static List<String> spent(PayingClient client) throws Exception {
        return client.journal().entries().stream()
                .map(JournalEntry::proposal)
                .map(proposal ->
                        proposal.amount().format() + " " + proposal.currency().text())
                .toList();
    }

    private long pages() throws Exception {
        return Paywall.await(ledger.accounts(purse.walletId(origin))).stream()
                .filter(account -> account.currency().equals("unit:pages"))
                .findFirst()
                .orElseThrow()
                .available();
    }
}

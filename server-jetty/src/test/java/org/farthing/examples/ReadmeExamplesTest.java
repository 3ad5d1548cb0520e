package org.farthing.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.farthing.client.PaidResponse;
import org.farthing.client.PaymentOutcome;
import org.farthing.client.PaymentOutcome.Served;
import org.farthing.client.ReceiptStatus;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.purse.Purse;
import org.farthing.client.wallet.WalletApi;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenSecretKey;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.keys.MintKey;
import org.farthing.server.keys.ServerKeys;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.mint.MintKeys;
import org.farthing.testing.TestTokenKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of the README, buying from each other, and the README saying the same as they do. */
class ReadmeExamplesTest {

    private static final Path SOURCES = Path.of("src/test/java/org/farthing/examples");

    @TempDir
    private Path folder = Path.of("");

    @Test
    void examples_together_documentsAreSold() throws Exception {
        Server server = new Server();
        Origin origin = opened(server);
        Path keys = keys();
        ChargingExample.Books books =
                ChargingExample.charge(server, origin, keys, folder.resolve("shop.db"), documents());
        server.start();
        try {
            Path purse = folder.resolve("purse");
            openWallet(purse, origin, books.ledger());
            PaidResponse<String> answer = PayingExample.fetch(purse, URI.create(origin + "/docs/a.txt"));
            assertThat(answer.outcome()).isInstanceOf(Served.class);
            assertThat(((Served) answer.outcome()).receiptStatus()).isEqualTo(ReceiptStatus.VALID);
            assertThat(answer.response().orElseThrow().body()).isEqualTo("worth a fifth of a cent");
            assertThat(fetchWithJetty(purse, URI.create(origin + "/docs/a.txt")))
                    .isInstanceOf(Served.class);
            assertThat(books.ledger().totals().toCompletableFuture().join())
                    .singleElement()
                    .satisfies(totals -> assertThat(totals.toString()).contains("996000"));
        } finally {
            server.stop();
            books.housekeeping().close();
            books.ledger().close();
        }
    }

    @Test
    void tokenExamples_together_documentsAreSoldWithoutAName() throws Exception {
        Server server = new Server();
        Origin origin = opened(server);
        ServerKeys keys = KeyFiles.in(keys()).load(Instant.now());
        Ledger ledger = SqliteLedger.open(
                folder.resolve("mint.db"),
                LedgerOptions.builder(server.getThreadPool()).build());
        MintingExample.mint(
                server,
                origin,
                keys,
                keys.signingAt(Instant.now()).orElseThrow(),
                MintKeys.of(tokenKeys()),
                ledger,
                documents());
        server.start();
        try {
            Path purse = folder.resolve("purse");
            openWallet(purse, origin, ledger);
            SpendingPolicy budget = SpendingPolicy.builder()
                    .allowAnyOrigin()
                    .perRequest("0.05usd")
                    .total("1usd")
                    .build();
            PaidResponse<String> answer =
                    TokenPayingExample.fetch(purse, budget, origin, URI.create(origin + "/docs/a.txt"));
            assertThat(answer.outcome()).isInstanceOf(Served.class);
            PaymentReceipt receipt = ((Served) answer.outcome()).receipt();
            assertThat(Objects.requireNonNull(receipt).method()).isEqualTo("token");
            assertThat(answer.response().orElseThrow().body()).isEqualTo("worth a fifth of a cent");
        } finally {
            server.stop();
            ledger.close();
        }
    }

    private static Origin opened(Server server) throws IOException {
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        connector.open();
        return new Origin("http://127.0.0.1:" + connector.getLocalPort());
    }

    private Path keys() throws IOException {
        Path keys = folder.resolve("keys");
        KeyFiles.in(keys).init(Algorithm.ED25519, Instant.now(), new SecureRandom());
        return keys;
    }

    /** Keys for the values of the example, which its folder would make: that takes seconds. */
    private static List<MintKey> tokenKeys() {
        List<MintKey> keys = new ArrayList<>();
        Instant from = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        for (TokenSecretKey secret : TestTokenKeys.all()) {
            PublishedKey published = new PublishedKey(
                    secret.publicKey(),
                    Amount.of(500L << keys.size()),
                    new CurrencyId("usd.e6"),
                    from,
                    from.plus(Duration.ofDays(30)),
                    from.plus(Duration.ofDays(60)),
                    from.plus(Duration.ofDays(67)),
                    from.plus(Duration.ofDays(90)));
            keys.add(new MintKey(secret, published));
        }
        return keys;
    }

    private static PaymentOutcome fetchWithJetty(Path purse, URI document) throws Exception {
        org.eclipse.jetty.client.HttpClient client = new org.eclipse.jetty.client.HttpClient();
        client.start();
        try {
            return JettyPayingExample.fetch(client, purse, document);
        } finally {
            client.stop();
        }
    }

    private Handler documents() throws IOException {
        Path docs = Files.createDirectories(folder.resolve("site/docs"));
        Files.writeString(docs.resolve("a.txt"), "worth a fifth of a cent");
        ResourceHandler handler = new ResourceHandler();
        handler.setBaseResource(ResourceFactory.root().newResource(folder.resolve("site")));
        return handler;
    }

    private static void openWallet(Path folder, Origin origin, Ledger ledger) throws Exception {
        Purse purse = Purse.create(folder, new SecureRandom());
        String wallet = new WalletApi(HttpClient.newHttpClient(), purse, InstantSource.system(), true)
                .register(origin)
                .id();
        ledger.topUp(new TopUp(wallet, "usd.e6", 1_000_000, "first"))
                .toCompletableFuture()
                .join();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ChargingExample.java",
                "PayingExample.java",
                "JettyPayingExample.java",
                "MintingExample.java",
                "TokenPayingExample.java"
            })
    void readme_showsTheExampleAsItRuns(String file) throws IOException {
        List<String> lines = Files.readAllLines(SOURCES.resolve(file));
        String example = lines.subList(index(lines, "// readme: begin") + 1, index(lines, "// readme: end")).stream()
                .map(line -> line.startsWith("        ") ? line.substring(8) : line)
                .collect(Collectors.joining("\n", "```java\n", "\n```"));
        assertThat(Files.readString(Path.of("../README.md"), StandardCharsets.UTF_8))
                .contains(example);
    }

    private static int index(List<String> lines, String mark) {
        return lines.stream().map(String::strip).toList().indexOf(mark);
    }
}

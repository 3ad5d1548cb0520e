package org.farthing.server.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.farthing.client.PaidResponse;
import org.farthing.client.PayingClient;
import org.farthing.client.budget.SpendingPolicy;
import org.farthing.client.purse.Purse;
import org.farthing.client.wallet.WalletApi;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.server.app.Terminal;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.Payee;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.Totals;

/** A payee and a wallet service, each a process with books of its own, and a payer between them. */
final class TwoBooks implements AutoCloseable {

    static final String USD = "usd.e6";
    static final long PRICE = 2_000;
    static final long FILLED = 1_000_000;

    private final Path folder;
    private final int payeePort = KeptPort.take();
    private final int servicePort = KeptPort.take();
    private final ExecutorService completions = Executors.newFixedThreadPool(2);
    private final Purse purse;
    private String report = "";
    final PayingClient client;
    Child payee;
    Child service;

    TwoBooks(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        SecureRandom random = new SecureRandom();
        KeyFiles.in(folder.resolve("payee-keys")).init(Algorithm.ED25519, Instant.now(), random);
        KeyFiles.in(folder.resolve("service-keys")).initWalletService(Algorithm.ED25519, Instant.now(), random);
        try (Ledger ledger = open("service.db")) {
            await(ledger.payees().put(payeeOrigin().text(), false, Payee.Status.ACTIVE, null));
        }
        service = startService();
        payee = startPayee();
        purse = Purse.create(folder.resolve("purse"), random);
        purse.services().add(serviceOrigin(), true);
        new WalletApi(HttpClient.newHttpClient(), purse, InstantSource.system(), true).register(serviceOrigin());
        service.kill();
        try (Ledger ledger = open("service.db")) {
            await(ledger.topUp(new TopUp(wallet(), USD, FILLED, "start")));
        }
        service = startService();
        client = PayingClient.builder(
                        purse,
                        SpendingPolicy.builder()
                                .allowAnyOrigin()
                                .perRequest("0.01usd")
                                .total("1usd")
                                .build())
                .loopbackProfile()
                .patience(Duration.ofMinutes(2))
                .build();
    }

    Origin payeeOrigin() {
        return new Origin("http://127.0.0.1:" + payeePort);
    }

    Origin serviceOrigin() {
        return new Origin("http://127.0.0.1:" + servicePort);
    }

    String wallet() {
        return purse.walletId(serviceOrigin());
    }

    Child startService() throws IOException {
        return Child.start(ServiceProcess.class, folder.toString(), Integer.toString(servicePort));
    }

    Child startPayee() throws IOException {
        return Child.start(
                PayeeProcess.class, folder.toString(), Integer.toString(payeePort), Integer.toString(servicePort));
    }

    void killPayee() throws IOException {
        payee.kill();
        payee = startPayee();
    }

    void killService() throws IOException {
        service.kill();
        service = startService();
    }

    CompletableFuture<PaidResponse<String>> buy(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(payeeOrigin().text() + path))
                .timeout(Duration.ofSeconds(20))
                .build();
        return client.sendAsync(request, BodyHandlers.ofString());
    }

    /** Until the payee has told the service everything. */
    void drain() {
        payee.tell("drained?");
        payee.expect("drained");
    }

    /** Runs the operator's comparison against the running service, with the payee stopped; returns its exit code. */
    int reconcile() {
        payee.kill();
        Terminal terminal = Terminal.run(
                "reconcile",
                "--store",
                folder.resolve("payee.db"),
                "--keys",
                folder.resolve("payee-keys"),
                "--origin",
                payeeOrigin(),
                "--service",
                serviceOrigin());
        report = terminal.out() + terminal.err();
        return terminal.exitCode();
    }

    /** What the last comparison printed. */
    String report() {
        return report;
    }

    /** What the payee earned, by its own books, which must be sound. The payee is stopped. */
    long earned() throws IOException {
        try (Ledger ledger = open("payee.db")) {
            assertThat(await(ledger.check()).findings()).isEmpty();
            return await(ledger.totals()).stream().mapToLong(Totals::payees).sum();
        }
    }

    /** What the wallet has, by the service's books, which must be sound; nothing of it is held. */
    long available() {
        String books = service.ask("books " + wallet());
        assertThat(books).matches("[0-9]+ 0 sound");
        return Long.parseLong(books.substring(0, books.indexOf(' ')));
    }

    private Ledger open(String store) {
        return SqliteLedger.open(
                folder.resolve(store), LedgerOptions.builder(completions).build());
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(120, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        payee.close();
        service.close();
        completions.shutdownNow();
    }
}

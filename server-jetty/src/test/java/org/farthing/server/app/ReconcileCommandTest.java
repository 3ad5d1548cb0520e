package org.farthing.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.wallet.PaymentReply;
import org.farthing.protocol.wallet.PaymentSubmission;
import org.farthing.server.jetty.AcceptedServices;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.ledger.OutboxStatus;
import org.farthing.server.ledger.Payee;
import org.farthing.server.ledger.TopUp;
import org.farthing.testing.Requirement;
import org.farthing.testing.ReservedPort;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A shop and a wallet service, each with sockets and books of its own, and what their operator does with the command line:
 * {@code reconcile}, {@code outbox}, {@code refund}.
 */
@Requirement({"F-WS-80", "F-WS-82", "F-WS-83"})
class ReconcileCommandTest {

    @TempDir
    private Path folder = Path.of("");

    /** The shop goes and comes back, and is known by where it listens. */
    private ReservedPort port;

    private RunningWalletService service;
    private DocumentShop shop;
    private Customer customer;
    private Origin origin;

    @BeforeEach
    void open() throws Exception {
        Files.createDirectories(folder.resolve("docs"));
        Files.writeString(folder.resolve("docs/page.html"), "<h1>Worth it</h1>\n");
        assertThat(Terminal.run("keys", "init", "--dir", folder.resolve("keys")).exitCode())
                .isZero();
        assertThat(Terminal.run("keys", "init", "--wallet-service", "--dir", folder.resolve("service-keys"))
                        .exitCode())
                .isZero();
        service = RunningWalletService.open(new WalletServiceConfig(
                StoreAddress.of(folder.resolve("service.db")),
                KeyFiles.in(folder.resolve("service-keys")),
                new Listening("127.0.0.1", 0, Optional.empty(), false),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                InstantSource.system()));
        port = ReservedPort.any();
        shop = openShop();
        origin = shop.origin();
        service.ledger()
                .payees()
                .put(origin.text(), false, Payee.Status.ACTIVE, null)
                .toCompletableFuture()
                .join();
        customer = new Customer(service.origin());
        assertThat(customer.register().statusCode()).isEqualTo(201);
        service.ledger()
                .topUp(new TopUp(customer.wallet(), "usd.e6", 1_000_000, "start"))
                .toCompletableFuture()
                .join();
    }

    private DocumentShop openShop() throws Exception {
        return DocumentShop.open(ShopConfig.builder(
                        folder.resolve("docs"), store(), KeyFiles.in(folder.resolve("keys")), "0.002usd")
                .listen("127.0.0.1", port.number())
                .services(AcceptedServices.none().with(service.origin().text()).withExposure("1usd"))
                .build());
    }

    private Path store() {
        return folder.resolve("shop.db");
    }

    @AfterEach
    void close() throws Exception {
        shop.close();
        service.close();
        port.close();
    }

    @Test
    @Requirement({"F-WS-70", "F-WS-77", "F-WR-3"})
    void operator_comparesRefundsAndComparesAgain() throws Exception {
        Challenge bought = buy();
        until(this::isCollected);
        Terminal inUse = reconcile();
        assertThat(inUse.exitCode()).isEqualTo(1);
        assertThat(inUse.err()).contains("Stop the server first");

        shop.close();
        Terminal agreed = reconcile();
        assertThat(agreed.err()).isEmpty();
        assertThat(agreed.out()).contains("agreed   0.002 USD in 1 payment", "The books agree.");
        assertThat(agreed.exitCode()).isZero();

        Terminal refund = Terminal.run("refund", "--store", store(), "ch_" + bought.id(), "0.0005usd");
        assertThat(refund.out()).contains("0.0005 USD of it is given back");
        Terminal listed = Terminal.run("outbox", "list", "--store", store());
        assertThat(listed.out()).contains("WAITING  REFUND  0.0005 USD", bought.id());
        assertThat(listed.exitCode()).isZero();
        Terminal pending = reconcile();
        assertThat(pending.out()).contains("pending  0.0015 USD in 1 payment");
        assertThat(pending.exitCode()).isEqualTo(3);

        shop = openShop();
        until(() -> status().waiting() == 0);
        shop.close();
        Terminal again = reconcile();
        assertThat(again.out()).contains("agreed   0.0015 USD in 1 payment");
        assertThat(again.exitCode()).isZero();
        assertThat(Terminal.run("refund", "--store", store(), "ch_" + bought.id(), "0.002usd")
                        .err())
                .contains("more than is left");
        assertThat(Terminal.run("refund", "--store", store(), "ch_nobody").err())
                .contains("There is no charge");
    }

    @Test
    @Requirement({"T61", "F-WS-76"})
    void operator_findsWhatTheServiceRefused_andWritesItOff() throws Exception {
        Challenge challenge = challenge();
        PaymentReply paid = pay(challenge);
        service.ledger()
                .payments()
                .releaseByPayer(customer.wallet(), origin.text(), challenge.id())
                .toCompletableFuture()
                .join();
        assertThat(present(challenge, paid).statusCode()).isEqualTo(200);
        until(() -> status().failed() == 1);
        shop.close();

        Terminal differ = reconcile();
        assertThat(differ.out())
                .contains("DIFFER", paid.payment().tokenId(), challenge.id(), "here 0.002 USD, there 0.00 USD");
        assertThat(differ.exitCode()).isEqualTo(4);
        Terminal listed = Terminal.run("outbox", "list", "--store", store());
        assertThat(listed.exitCode()).isEqualTo(4);
        assertThat(listed.out()).contains("1 failed (0.002 USD)", "FAILED  CAPTURE", "conflict");
        String seq = listed.out()
                .lines()
                .filter(line -> line.contains("FAILED"))
                .findFirst()
                .orElseThrow()
                .replaceAll(" .*", "");
        assertThat(Terminal.run("outbox", "write-off", "--store", store(), "999", "--reason", "x")
                        .exitCode())
                .isEqualTo(1);
        assertThat(Terminal.run("outbox", "retry", "--store", store(), seq).out())
                .contains("waits again");
        shop = openShop();
        until(() -> status().failed() == 1);
        shop.close();
        assertThat(Terminal.run("outbox", "write-off", "--store", store(), seq, "--reason", "released by the payer")
                        .out())
                .contains("written off");
        assertThat(reconcile().exitCode()).isZero();
        assertThat(Terminal.run("ledger", "check", "--store", store()).exitCode())
                .isZero();
    }

    @Test
    void wrongWords_areExplained() {
        shop.close();
        Terminal origins = Terminal.run(
                "reconcile",
                "--store",
                store(),
                "--keys",
                folder.resolve("keys"),
                "--origin",
                "shop",
                "--service",
                "x");
        assertThat(origins.exitCode()).isEqualTo(1);
        assertThat(origins.err()).contains("--origin is an origin");
        service.close();
        Terminal away = reconcile();
        assertThat(away.exitCode()).isEqualTo(1);
        assertThat(away.err()).contains("cannot be reached");
        assertThat(Terminal.run("reconcile", "--help").out()).contains("3", "pending", "4", "differ");
        assertThat(Terminal.run("outbox").exitCode()).isEqualTo(2);
        Terminal serve = Terminal.run(
                "serve",
                "--store",
                store(),
                "--price",
                "1usd",
                "--wallet-service",
                "wallet.example",
                folder.toString());
        assertThat(serve.exitCode()).isEqualTo(2);
        assertThat(serve.err()).contains("--wallet-service");
    }

    // ---- helpers -------------------------------------------------------------------------------------------------

    private Terminal reconcile() {
        return Terminal.run(
                "reconcile",
                "--store",
                store(),
                "--keys",
                folder.resolve("keys"),
                "--origin",
                origin.text() + "/",
                "--service",
                service.origin());
    }

    private Challenge buy() throws Exception {
        Challenge challenge = challenge();
        assertThat(present(challenge, pay(challenge)).statusCode()).isEqualTo(200);
        return challenge;
    }

    private Challenge challenge() throws Exception {
        for (String field : new Customer(origin).get("/page.html").headers().allValues("WWW-Authenticate")) {
            Challenge challenge = Challenge.parse(field);
            if (challenge.paymentRequest().methodDetails().containsKey("providers")) {
                return challenge;
            }
        }
        throw new AssertionError("no challenge names the service");
    }

    private PaymentReply pay(Challenge challenge) throws Exception {
        String body = new PaymentSubmission(challenge, customer.order(challenge)).format();
        HttpResponse<String> answer = customer.signed("POST", "/v1/payments", body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return PaymentReply.parse(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    private HttpResponse<String> present(Challenge challenge, PaymentReply paid) throws Exception {
        String value = Credential.of(challenge, null, Map.of("type", "receipt", "receipt", paid.receipt()))
                .format();
        return new Customer(origin).get("/page.html", "Authorization", value);
    }

    private boolean isCollected() {
        return status().waiting() == 0 && status().exposure() == 0;
    }

    private OutboxStatus status() {
        List<OutboxStatus> all =
                shop.ledger().outbox().status().toCompletableFuture().join();
        return all.isEmpty() ? new OutboxStatus(service.origin().text(), "usd.e6", 0, null, null, 0, 0, 0) : all.get(0);
    }

    private void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("%s", status()).isLessThan(deadline);
        }
    }
}

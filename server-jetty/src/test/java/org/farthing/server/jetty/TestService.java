package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.jetty.WalletClient.head;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.protocol.wallet.PaymentReply;
import org.farthing.protocol.wallet.PaymentSubmission;
import org.farthing.protocol.wallet.ServicePayment;
import org.farthing.server.keys.AdminBearer;
import org.farthing.server.keys.TokenKeys;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.server.trust.KeyDocuments;
import org.farthing.server.trust.PatientDocuments;

/** A wallet service without a socket, over a real ledger, with a registered shop and payers who talk to it in raw bytes. */
final class TestService implements AutoCloseable {

    static final Origin ORIGIN = WalletClient.ORIGIN;
    static final String ADMIN = "Zk3vQ1c8Yt7Lr2Wn5Xb9Hd4Jf6Ms0Pa-";

    /** JSON in base64url, as in every token and signature. Ids are random and may have its first letters, but are shorter. */
    static final Pattern ENCODED_JSON = Pattern.compile("eyJ[A-Za-z0-9_-]{41,}");

    final TestClock clock = new TestClock();
    final Shop shop;
    final TokenKeys keys;

    private final ExecutorService completions = Executors.newFixedThreadPool(2);
    private final KeyDocuments documents;
    private final Path store;
    private final Consumer<WalletHandler.Builder> options;
    private Ledger ledger;
    private Answers server;

    TestService(Path folder) throws Exception {
        this(folder, options -> {});
    }

    TestService(Path folder, Consumer<WalletHandler.Builder> options) throws Exception {
        this.options = options;
        this.store = folder.resolve("service.db");
        this.shop = new Shop(clock);
        this.documents = PatientDocuments.open(clock, true);
        this.keys = new TokenKeys(List.of(tokenKey("token-1")), Optional.of(AdminBearer.of(ADMIN)));
        this.ledger = openLedger();
        this.server = openServer(keys);
        assertThat(register(shop.origin(), "prompt", "ACTIVE").getStatus()).isEqualTo(201);
    }

    static SigningKey tokenKey(String kid) {
        return SigningKey.generate(Algorithm.ED25519, kid, new SecureRandom()).withRoles(Set.of(Role.RECEIPT_TOKEN));
    }

    private Ledger openLedger() {
        return SqliteLedger.open(
                store, LedgerOptions.builder(completions).clock(clock).build());
    }

    private Answers openServer(TokenKeys signing) throws Exception {
        return openServer(signing, true);
    }

    private Answers openServer(TokenKeys signing, boolean loopback) throws Exception {
        return openServer(signing, loopback, ledger);
    }

    /** Another server over the same books, or what a test puts before them. */
    Answers serverOver(Ledger books) throws Exception {
        return openServer(keys, true, books);
    }

    private Answers openServer(TokenKeys signing, boolean loopback, Ledger books) throws Exception {
        WalletHandler.Builder builder = WalletHandler.builder(ORIGIN, books)
                .clock(clock)
                .admin(AdminBearer.of(ADMIN))
                .registrationsPerHour(1000)
                .service(signing, documents);
        if (loopback) {
            builder.loopback();
        }
        options.accept(builder);
        return new Answers(builder.build());
    }

    /** The process ends and starts again with the same books. */
    void restart() throws Exception {
        restart(keys);
    }

    void restart(TokenKeys signing) throws Exception {
        server.close();
        ledger.close();
        ledger = openLedger();
        server = openServer(signing);
    }

    void restartOutsideTheLoopbackProfile() throws Exception {
        server.close();
        server = openServer(keys, false);
    }

    Ledger ledger() {
        return ledger;
    }

    Answers server() {
        return server;
    }

    // ---- the administrator

    HttpTester.Response admin(String method, String path, String body) throws Exception {
        return server.to(head(method, path, "Bearer " + ADMIN), body);
    }

    HttpTester.Response register(Origin payee, String capture, String status) throws Exception {
        return admin(
                "POST",
                "/v1/payees",
                "{\"capture\":\"" + capture + "\",\"origin\":\"" + payee + "\",\"status\":\"" + status + "\"}");
    }

    void freezeShop(boolean frozen) throws Exception {
        assertThat(register(shop.origin(), "prompt", frozen ? "FROZEN" : "ACTIVE")
                        .getStatus())
                .isEqualTo(200);
    }

    /** What housekeeping does from time to time, until nothing is left to do. */
    void sweep() {
        while (ledger.sweep().toCompletableFuture().join().more()) {
            // one small step after the other
        }
    }

    // ---- payers

    /** A new wallet with money in it. */
    WalletClient payer(long amount) throws Exception {
        return payer(new WalletClient(clock), amount, "usd.e6");
    }

    WalletClient payer(WalletClient client, long amount, String currency) throws Exception {
        assertThat(client.register(server).getStatus()).isEqualTo(201);
        topUp(client, amount, currency);
        return client;
    }

    void topUp(WalletClient client, long amount, String currency) throws Exception {
        assertThat(admin(
                                "POST",
                                "/v1/wallets/" + client.id() + "/topups",
                                "{\"amount\":\"" + amount + "\",\"currency\":\"" + currency + "\",\"idempotencyKey\":\""
                                        + client.tokenId() + "\"}")
                        .getStatus())
                .isEqualTo(201);
    }

    Challenge offer() {
        return shop.offer(ORIGIN).challenge();
    }

    static PaymentOrder order(WalletClient payer, Challenge challenge) {
        return order(payer, challenge, ORIGIN);
    }

    static PaymentOrder order(WalletClient payer, Challenge challenge, Origin at) {
        try {
            Amount amount = challenge.paymentRequest().amount();
            return PaymentOrder.sign(payer.key(), challenge, at, amount, payer.id());
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    static String submission(WalletClient payer, Challenge challenge) {
        return new PaymentSubmission(challenge, order(payer, challenge)).format();
    }

    HttpTester.Response pay(WalletClient payer, Challenge challenge) throws Exception {
        return payer.send(server, "POST", "/v1/payments", submission(payer, challenge));
    }

    PaymentReply paid(WalletClient payer, Challenge challenge) throws Exception {
        HttpTester.Response answer = pay(payer, challenge);
        assertThat(answer.getStatus()).as(answer.getContent()).isEqualTo(201);
        return reply(answer);
    }

    static PaymentReply reply(HttpTester.Response answer) throws MalformedException {
        return PaymentReply.parse(bytes(answer));
    }

    HttpTester.Response look(WalletClient payer, Challenge challenge) throws Exception {
        return payer.get(server, "/v1/payments/" + challenge.id());
    }

    ServicePayment payment(WalletClient payer, Challenge challenge) throws Exception {
        return ServicePayment.parse(bytes(look(payer, challenge)));
    }

    /** What a wallet has, as its owner reads it: available and held. */
    String money(WalletClient payer) throws Exception {
        String wallet = payer.get(server, "/v1/wallets/" + payer.id()).getContent();
        return wallet.replaceAll("(?s).*\"available\":\"([0-9]+)\".*\"held\":\"([0-9]+)\".*", "$1+$2");
    }

    // ---- the shop

    HttpTester.Response collect(String items) throws Exception {
        return shop.send(server, ORIGIN, "POST", "/v1/captures", "{\"items\":[" + items + "]}");
    }

    static String capture(PaymentReply paid, long amount) {
        return "{\"amount\":\"" + amount + "\",\"jti\":\"" + paid.payment().tokenId() + "\",\"op\":\"capture\"}";
    }

    static String release(PaymentReply paid) {
        return "{\"jti\":\"" + paid.payment().tokenId() + "\",\"op\":\"release\"}";
    }

    HttpTester.Response refund(PaymentReply paid, long amount, String key) throws Exception {
        return shop.send(
                server,
                ORIGIN,
                "POST",
                "/v1/refunds",
                "{\"amount\":\"" + amount + "\",\"idempotencyKey\":\"" + key + "\",\"jti\":\""
                        + paid.payment().tokenId() + "\"}");
    }

    // ---- answers

    static byte[] bytes(HttpTester.Response answer) {
        return answer.getContent().getBytes(StandardCharsets.UTF_8);
    }

    static Problem assertProblem(HttpTester.Response answer, int status, ProblemType type) throws MalformedException {
        assertThat(answer.getStatus()).as(answer.getContent()).isEqualTo(status);
        assertThat(answer.get("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.get("Content-Type")).isEqualTo("application/problem+json");
        Problem problem = Problem.parse(answer.getContent());
        assertThat(problem.type()).isEqualTo(type);
        return problem;
    }

    @Override
    public void close() {
        server.close();
        documents.close();
        ledger.close();
        completions.shutdown();
        shop.close();
    }
}

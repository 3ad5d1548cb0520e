package org.farthing.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.VALID;
import static org.farthing.server.ledger.kit.Payments.await;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.DefaultHandler;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.server.jetty.MintHandler;
import org.farthing.server.jetty.PaymentHandler;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.keys.MintKey;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.Payee;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.SqliteLedger;
import org.farthing.server.ledger.TokenKeyTerms;
import org.farthing.server.ledger.TokenPayment;
import org.farthing.server.ledger.TokenUpload;
import org.farthing.server.ledger.UploadAnswer;
import org.farthing.server.ledger.UsedToken;
import org.farthing.server.mint.Mint;
import org.farthing.server.mint.MintKeys;
import org.farthing.server.mint.TestMint;
import org.farthing.server.trust.KeyDocuments;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code farthing-server reconcile --issuer} asks a mint with sockets and books of its own. */
@Requirement({"F-TK-152", "F-TK-153", "F-TK-154", "F-WR-3"})
class TokenReconcileCommandTest {

    private static final Origin PAYEE = new Origin("http://127.0.0.1:8402");

    @TempDir
    private Path folder = Path.of("");

    private final Server server = new Server();
    private Origin issuer;
    private MintKey key;
    private Ledger mintBooks;
    private KeyDocuments documents;

    @BeforeEach
    void open() throws Exception {
        // Open before anything is made that names it: the mint's origin is where it listens.
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.open();
        server.addConnector(connector);
        issuer = new Origin("http://127.0.0.1:" + connector.getLocalPort());
        SecureRandom random = new SecureRandom();
        KeyFiles.in(keys()).init(Algorithm.ED25519, Instant.now(), random);
        mintBooks = open("mint.db");
        await(mintBooks
                .payees()
                .put(
                        PAYEE.text(),
                        false,
                        Payee.Status.ACTIVE,
                        KeyFiles.in(keys())
                                .load(Instant.now())
                                .directory(PAYEE, List.of())
                                .format()));
        List<MintKey> epoch = TestMint.epoch(Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.SECONDS));
        key = epoch.get(3);
        Mint mint = Mint.builder(issuer, mintBooks, MintKeys.of(epoch), TestMint.CURRENCY, TestMint.LADDER)
                .build();
        documents = KeyDocuments.open(InstantSource.system(), true);
        server.setHandler(MintHandler.builder(
                        mint,
                        PaymentHandler.builder(issuer.text())
                                .loopback()
                                .keys(SigningKey.generate(Algorithm.ED25519, null, random))
                                .secrets(SecretRing.builder()
                                        .current(random.generateSeed(32))
                                        .build()))
                .payees(documents)
                .handler(new DefaultHandler())
                .build());
        server.start();
    }

    private Path keys() {
        return folder.resolve("keys");
    }

    private Ledger open(String name) {
        return SqliteLedger.open(
                folder.resolve(name),
                LedgerOptions.builder(ForkJoinPool.commonPool()).build());
    }

    @AfterEach
    void close() throws Exception {
        server.stop();
        documents.close();
        mintBooks.close();
    }

    @Test
    void operator_comparesTokenByToken_andSeesWhatDiffers() throws Exception {
        try (Ledger shop = open("shop.db")) {
            await(shop.tokens().openKey(terms()));
            take(shop, 1);
            take(shop, 2);
        }
        Terminal pending = reconcile();
        assertThat(pending.err()).isEmpty();
        assertThat(pending.out()).contains("pending  0.0016 USD in 2 tokens", "agree but for what is pending");
        assertThat(pending.exitCode()).isEqualTo(3);

        await(mintBooks.tokens().redeem(issuer.text(), PAYEE.text(), List.of(used(1), used(3))));
        try (Ledger shop = open("shop.db")) {
            List<TokenUpload> due = await(shop.tokens().uploads().due(2, Duration.ofSeconds(1)));
            await(shop.tokens()
                    .uploads()
                    .done(List.of(
                            new UploadAnswer(due.get(0).seq(), true, "accepted"),
                            new UploadAnswer(due.get(1).seq(), false, "spent"))));
        }
        Terminal differ = reconcile();
        assertThat(differ.out())
                .contains(
                        "agreed   0.0008 USD in 1 token\n",
                        "DIFFER   serial " + used(2).serial() + ", challenge ch-2: here 0.0008 USD, there 0.00 USD",
                        "DIFFER   serial " + used(3).serial() + ": here 0.00 USD, there 0.0008 USD",
                        "The books DIFFER in 2 tokens.");
        assertThat(differ.exitCode()).isEqualTo(4);

        server.stop();
        Terminal away = reconcile();
        assertThat(away.exitCode()).isEqualTo(1);
        assertThat(away.err()).contains(issuer.text(), "nobody answers there");
        Terminal both = Terminal.run("reconcile", "--store", "x", "--origin", PAYEE, "--service", "x", "--issuer", "y");
        assertThat(both.exitCode()).isEqualTo(2);
        assertThat(Terminal.run("reconcile", "--store", "x", "--origin", PAYEE).exitCode())
                .isEqualTo(2);
    }

    private Terminal reconcile() {
        return Terminal.run(
                "reconcile",
                "--store",
                folder.resolve("shop.db"),
                "--keys",
                keys(),
                "--origin",
                PAYEE,
                "--issuer",
                issuer);
    }

    private TokenKeyTerms terms() {
        return new TokenKeyTerms(
                key.keyId(),
                issuer.text(),
                false,
                8,
                TestMint.CURRENCY.text(),
                key.published().notBefore(),
                key.published().notAfter(),
                key.published().spendUntil(),
                key.published().redeemUntil(),
                key.published().swapUntil());
    }

    private UsedToken used(int number) {
        return new UsedToken(key.keyId(), "AAAAAAAAAAAAAAAAAAAA" + number + "A");
    }

    private void take(Ledger shop, int number) {
        ChargeTerms terms = new ChargeTerms(
                "ch-" + number,
                "hash-" + number,
                "ch-" + number,
                "t_" + number,
                PAYEE.text(),
                "docs",
                "token",
                TestMint.CURRENCY.text(),
                8,
                Instant.now().plus(VALID),
                true);
        TokenPayment payment =
                new TokenPayment(issuer.text(), List.of(used(number)), 8, 1000L, List.of(new byte[] {(byte) number}));
        Reserved reserved = await(shop.reserve(new HoldRequest(terms, "key", 0, HOLD, null, payment)));
        await(shop.capture(((Reserved.Held) reserved).ref(), 8, ANSWER));
    }
}

package org.farthing.server.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.ChallengeVerifier;
import org.farthing.protocol.signature.DetachedJws;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.ReceiptVerifier;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.server.keys.KeyFiles;
import org.farthing.server.keys.KeyWatch;
import org.farthing.server.keys.ServerKeys;
import org.farthing.server.ledger.TopUp;
import org.farthing.testing.Requirement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two servers that share a ledger and a key folder, whose keys and secrets are rotated while they serve. A customer believes a
 * key document for an hour, as its {@code max-age} allows, and pays up to five minutes after the offer, at the other server.
 */
@Requirement({"S43", "T36", "F-BI-12", "F-BI-14", "F-KY-31", "F-KY-33", "F-KY-34"})
class RotationTest {

    private static final Origin ORIGIN = new Origin(Paywall.ORIGIN);
    private static final Duration MAX_AGE = Duration.ofHours(1);

    /** Each asks for the offer, and pays. */
    private static final int PURCHASES = 5_000;

    private static final Duration STEP = Duration.ofSeconds(8);

    /** In steps: just within the five minutes a challenge lives. */
    private static final int LATEST_PAYMENT = 37;

    private static final int LATEST_RESEND = 1_500;

    private final SecureRandom random = new SecureRandom();

    @TempDir
    Path temp;

    private final List<Node> nodes = new ArrayList<>();
    private @Nullable Paywall first;
    private @Nullable KeyFiles folder;

    @BeforeEach
    void boot() throws IOException {
        Paywall one = new Paywall(temp);
        first = one;
        KeyFiles made = KeyFiles.in(temp.resolve("keys"));
        folder = made;
        made.init(Algorithm.ED25519, one.clock.instant(), random);
        nodes.add(new Node(one, made));
        nodes.add(new Node(new Paywall(one, Paywall.ORIGIN), made));
        Paywall.await(one.ledger()
                .topUp(new TopUp(one.alice.wallet(), Paywall.CURRENCY, (long) PURCHASES * Paywall.PRICE, "for all")));
    }

    @AfterEach
    void close() {
        nodes.get(1).close();
        nodes.get(0).close();
    }

    private Paywall paywall() {
        return Objects.requireNonNull(first, "booted");
    }

    private KeyFiles files() {
        return Objects.requireNonNull(folder, "booted");
    }

    private Instant now() {
        return paywall().clock.instant();
    }

    /** A server with its own look at the shared folder. */
    private static final class Node implements AutoCloseable {

        final Paywall paywall;
        final KeyWatch<ServerKeys> keys;

        Node(Paywall paywall, KeyFiles files) throws IOException {
            this.paywall = paywall;
            this.keys = KeyWatch.payee(files, paywall.clock);
            AtomicReference<KeyDirectory> document =
                    new AtomicReference<>(keys.get().directory(ORIGIN));
            keys.onChange(set -> document.set(set.directory(ORIGIN)));
            paywall.boot(
                    prices -> prices.charge("/docs/*", Paywall.offer().build()),
                    handler -> handler.setKeys(keys),
                    handler -> new KeysHandler(document::get, handler));
        }

        KeyDirectory document() {
            try {
                return KeyDirectory.parse(
                        paywall.get(KeyDirectory.WELL_KNOWN_PATH).getContent());
            } catch (MalformedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            keys.close();
            paywall.close();
        }
    }

    private Node anyNode() {
        return nodes.get(random.nextInt(nodes.size()));
    }

    /** What the customer believes: a document from somebody of the two, for an hour. */
    private final class Customer {

        private @Nullable KeyDirectory document;
        private Instant fetched = Instant.MIN;

        KeyDirectory keys() {
            KeyDirectory known = document;
            if (known == null || now().isAfter(fetched.plus(MAX_AGE))) {
                known = anyNode().document();
                document = known;
                fetched = now();
            }
            return known;
        }

        void verify(Challenge challenge) {
            try {
                ChallengeVerifier.verify(
                        challenge, RequestTarget.of("GET", ORIGIN, "/docs/a", null), keys(), null, now());
            } catch (SignatureRejectedException e) {
                throw new AssertionError("an offer that no client would pay at " + now(), e);
            }
        }

        PaymentReceipt verifyReceipt(HttpTester.Response answer) {
            try {
                PaymentReceipt receipt = PaymentReceipt.parse(answer.get("Payment-Receipt"));
                ReceiptVerifier.verify(receipt, keys(), now());
                return receipt;
            } catch (MalformedException | SignatureRejectedException e) {
                throw new AssertionError("a receipt that proves nothing at " + now(), e);
            }
        }
    }

    /** A payment under way, or one sent again. */
    private record Sending(String credential, @Nullable String receipt) {}

    @Test
    void tenThousandRequests_secretAndKeyRotating_noValidPaymentRefused() throws Exception {
        Customer customer = new Customer();
        Map<Integer, List<Sending>> due = new TreeMap<>();
        Set<String> signers = new HashSet<>();
        int paid = 0;
        int resent = 0;
        int told = 0;
        for (int step = 0; step < PURCHASES + LATEST_PAYMENT || !due.isEmpty(); step++) {
            rotate(step);
            if (step < PURCHASES) {
                Challenge challenge = Payer.challengeOf(anyNode().paywall.get("/docs/a"));
                customer.verify(challenge);
                signers.add(kid(challenge));
                due.computeIfAbsent(step + random.nextInt(LATEST_PAYMENT + 1), unused -> new ArrayList<>())
                        .add(new Sending(paywall().alice.pay(challenge), null));
            }
            for (Sending sending : due.getOrDefault(step, List.of())) {
                HttpTester.Response answer = anyNode().paywall.get("/docs/a", "Authorization: " + sending.credential());
                String receipt = answer.get("Payment-Receipt");
                if (sending.receipt() != null && answer.getStatus() == 409) {
                    // The answer is kept for a time, the word that it was paid for a day.
                    assertThat(Problem.parse(answer.getContent()).type()).isEqualTo(ProblemType.ALREADY_FULFILLED);
                    assertThat(answer.get("Payment-Outcome")).startsWith("captured");
                    told++;
                    continue;
                }
                assertThat(answer.getStatus())
                        .as("step %s: %s", step, answer.getContent())
                        .isEqualTo(200);
                if (sending.receipt() != null) {
                    assertThat(receipt).isEqualTo(sending.receipt());
                    resent++;
                    continue;
                }
                customer.verifyReceipt(answer);
                paid++;
                if (paid % 10 == 0) {
                    due.computeIfAbsent(
                                    step + 1 + random.nextInt(resent < told ? LATEST_PAYMENT : LATEST_RESEND),
                                    unused -> new ArrayList<>())
                            .add(new Sending(sending.credential(), receipt));
                }
            }
            due.remove(step);
            paywall().clock.advance(STEP);
        }

        assertThat(paid).isEqualTo(PURCHASES);
        assertThat(resent + told).isEqualTo(PURCHASES / 10);
        assertThat(resent).isPositive();
        assertThat(told).isPositive();
        assertThat(signers).as("keys that signed").hasSizeGreaterThan(8);
        assertThat(files().secrets()).hasSizeGreaterThan(18);
        assertThat(paywall().executions.get() + nodes.get(1).paywall.executions.get())
                .isEqualTo(PURCHASES);
        assertThat(paywall().account(paywall().alice).available())
                .as("each request was paid once")
                .isEqualTo(Paywall.FUNDS);
        assertThat(paywall().balanced()).isTrue();
    }

    @Test
    @Requirement("F-KY-33")
    void manyAtOnce_whileEverythingIsReplaced_noValidPaymentRefused() throws Exception {
        Node node = nodes.get(0);
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService buyers = Executors.newFixedThreadPool(4);
        try {
            List<CompletableFuture<Void>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(CompletableFuture.runAsync(() -> buyUntil(done, node), buyers));
            }
            for (int i = 0; i < 60; i++) {
                paywall().clock.advance(Duration.ofSeconds(1));
                files().addSecret(Duration.ZERO, now(), random);
                var unused = files().replaceNow(Algorithm.ED25519, now(), random);
                assertThat(node.keys.reload()).isTrue();
            }
            done.set(true);
            CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        } finally {
            done.set(true);
            buyers.shutdownNow();
        }
        assertThat(paywall().executions.get()).isGreaterThan(8);
        assertThat(paywall().account(paywall().alice).available())
                .isEqualTo(
                        Paywall.FUNDS + (long) (PURCHASES - paywall().executions.get()) * Paywall.PRICE);
        assertThat(paywall().balanced()).isTrue();
    }

    /** At least a few: also a machine that is slow sees payments meet rotations. */
    private void buyUntil(AtomicBoolean done, Node node) {
        for (int i = 0; i < 3 || !done.get(); i++) {
            Challenge challenge = Payer.challengeOf(node.paywall.get("/docs/a"));
            try {
                // Asked after the offer, so its key stands in it.
                ChallengeVerifier.verify(
                        challenge, RequestTarget.of("GET", ORIGIN, "/docs/a", null), node.document(), null, now());
            } catch (SignatureRejectedException e) {
                throw new AssertionError(e);
            }
            HttpTester.Response answer = node.paywall.get(
                    "/docs/a", "Authorization: " + paywall().alice.pay(challenge));
            assertThat(answer.getStatus()).as(answer.getContent()).isEqualTo(200);
        }
    }

    @Test
    @Requirement("F-BI-14")
    void secretUsedBeforeTheOtherServerHasIt_isWhatTheLeadIsFor() throws Exception {
        paywall().clock.advance(Duration.ofSeconds(1));
        files().addSecret(Duration.ZERO, now(), random);
        assertThat(nodes.get(0).keys.reload()).isTrue();
        Challenge challenge = Payer.challengeOf(nodes.get(0).paywall.get("/docs/a"));
        String credential = "Authorization: " + paywall().alice.pay(challenge);

        HttpTester.Response refused = nodes.get(1).paywall.get("/docs/a", credential);
        assertThat(refused.getStatus()).isEqualTo(402);
        assertThat(Problem.parse(refused.getContent()).type()).isEqualTo(ProblemType.INVALID_CHALLENGE);
        assertThat(nodes.get(1).keys.reload()).isTrue();
        assertThat(nodes.get(1).paywall.get("/docs/a", credential).getStatus()).isEqualTo(200);
    }

    @Test
    @Requirement({"F-KY-35", "F-CH-43", "F-KY-44"})
    void onlyKeyRevoked_nothingIsOfferedOrChargedAndResendsAreAnswered() throws Exception {
        Node node = nodes.get(0);
        Challenge before = Payer.challengeOf(node.paywall.get("/docs/a"));
        String paid = "Authorization: " + paywall().alice.pay(before);
        String unpaid = "Authorization: " + paywall().alice.pay(Payer.challengeOf(node.paywall.get("/docs/a")));
        assertThat(node.paywall.get("/docs/a", paid).getStatus()).isEqualTo(200);
        long left = paywall().account(paywall().alice).available();
        files().revoke(kid(before), now());
        assertThat(node.keys.reload()).isTrue();

        assertThat(node.paywall.handler().isReady()).isFalse();
        HttpTester.Response offer = node.paywall.get("/docs/a");
        assertThat(offer.getStatus()).isEqualTo(503);
        assertThat(offer.get("WWW-Authenticate")).isNull();
        assertThat(offer.getLongField("Retry-After")).isPositive();
        assertThat(Problem.parse(offer.getContent()).type()).isEqualTo(ProblemType.LEDGER_UNAVAILABLE);
        HttpTester.Response payment = node.paywall.get("/docs/a", unpaid);
        assertThat(payment.getStatus()).isEqualTo(503);
        assertThat(payment.get("Payment-Outcome")).startsWith("pending");
        assertThat(paywall().account(paywall().alice).available()).isEqualTo(left);
        assertThat(node.paywall.get("/docs/a", paid).getStatus()).as("a resend").isEqualTo(200);
        assertThat(paywall().executions).hasValue(1);

        paywall().clock.advance(Duration.ofSeconds(1));
        var replacement = files().replaceNow(Algorithm.ED25519, now(), random);
        assertThat(node.keys.reload()).isTrue();
        assertThat(node.paywall.handler().isReady()).isTrue();
        assertThat(kid(Payer.challengeOf(node.paywall.get("/docs/a"))))
                .isEqualTo(replacement.publicKey().kid());
        assertThat(node.paywall.get("/docs/a", unpaid).getStatus())
                .as("kept and sent again")
                .isEqualTo(200);
    }

    /** What the operator does, and what the two servers notice, by turns. */
    private void rotate(int step) throws IOException {
        if (step % 250 == 249) {
            files().addSecret(KeyFiles.SECRET_LEAD, now(), random);
        }
        if (step % 500 == 499) {
            Algorithm algorithm = step % 1000 == 499 ? Algorithm.ES256 : Algorithm.ED25519;
            files().rotate(algorithm, KeyFiles.SHORTEST_LEAD, now(), random);
        }
        var unused = nodes.get(step % 2).keys.reload();
    }

    private static String kid(Challenge challenge) throws MalformedException {
        return DetachedJws.kid(Objects.requireNonNull(challenge.jws(), "our challenges are signed"));
    }
}

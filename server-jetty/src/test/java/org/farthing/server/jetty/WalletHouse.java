package org.farthing.server.jetty;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.CompactJws;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.CaptureBatch;
import org.farthing.protocol.wallet.CaptureBatch.Op;
import org.farthing.protocol.wallet.CaptureResults;
import org.farthing.protocol.wallet.CaptureResults.Outcome;
import org.farthing.protocol.wallet.CaptureResults.Result;
import org.farthing.protocol.wallet.PaymentsPage;
import org.farthing.protocol.wallet.ReceiptClaims;
import org.farthing.protocol.wallet.ReceiptToken;
import org.farthing.protocol.wallet.RefundOrder;
import org.farthing.protocol.wallet.ServicePayment;
import org.farthing.protocol.wallet.ServicePayment.State;
import org.farthing.server.collect.ServiceCallException;
import org.farthing.server.collect.ServiceCalls;
import org.farthing.server.ledger.kit.TestClock;
import org.jspecify.annotations.Nullable;

/**
 * A wallet service as a payee sees it, in a few lines and without a network: signs tokens, and settles them by the rules of
 * the chapter on the wallet service. What it does next can be scripted.
 */
final class WalletHouse implements ServiceCalls {

    static final Origin ORIGIN = new Origin("https://wallet.example");

    /** How long a payee rests between two calls. */
    static final Duration BETWEEN_CALLS = Duration.ofMillis(105);

    private static final SecureRandom RANDOM = new SecureRandom();

    final SigningKey mint = mintKey("mint-1");
    final List<CaptureBatch> batches = new CopyOnWriteArrayList<>();
    final List<RefundOrder> refunds = new CopyOnWriteArrayList<>();

    private final TestClock clock;
    private final Map<String, ServicePayment> payments = new LinkedHashMap<>();
    private final Set<String> refunded = new HashSet<>();
    private volatile KeyDirectory document;
    private volatile boolean unplugged;
    private volatile @Nullable ServiceCallException trouble;
    private volatile Function<Result, Result> twist = result -> result;
    private volatile @Nullable CompletableFuture<Void> gate;

    WalletHouse(TestClock clock) {
        this.clock = clock;
        this.document = KeyDirectory.of(ORIGIN, List.of(mint.publicKey()));
    }

    static SigningKey mintKey(String kid) {
        return SigningKey.generate(Algorithm.ED25519, kid, RANDOM).withRoles(Set.of(Role.RECEIPT_TOKEN));
    }

    /** The lines a payment handler uses instead of the network. */
    ServiceLinks links() {
        return new ServiceLinks(
                origin -> unplugged
                        ? CompletableFuture.failedFuture(new IllegalStateException("no route to host"))
                        : CompletableFuture.completedFuture(document),
                this,
                () -> {});
    }

    /** From now on its keys cannot be read. */
    void unplug() {
        unplugged = true;
    }

    void publish(VerificationKey... keys) {
        document = KeyDirectory.of(ORIGIN, List.of(keys));
    }

    // ---- the payer's side ----------------------------------------------------------------------------------------

    /** Pays the challenge of a 402 that names this service: the value of {@code Authorization}. */
    String pay(HttpTester.Response answer) {
        return pay(challengeOf(answer)).format();
    }

    static Challenge challengeOf(HttpTester.Response answer) {
        for (String field : answer.getValuesList("WWW-Authenticate")) {
            try {
                Challenge challenge = Challenge.parse(field);
                if (challenge.paymentRequest().methodDetails().containsKey("providers")) {
                    return challenge;
                }
            } catch (MalformedException e) {
                throw new AssertionError(e);
            }
        }
        throw new AssertionError("no challenge names a wallet service");
    }

    Credential pay(Challenge challenge) {
        return credential(challenge, token(challenge).format());
    }

    static Credential credential(Challenge challenge, String token) {
        return Credential.of(challenge, null, Map.of("type", "receipt", "receipt", token));
    }

    ReceiptToken token(Challenge challenge) {
        ReceiptClaims claims = claims(challenge);
        vouch(claims);
        return ReceiptToken.issue(mint, claims);
    }

    ReceiptClaims claims(Challenge challenge) {
        try {
            String id = Base64Url.encode(RANDOM.generateSeed(16));
            return ReceiptClaims.forChallenge(challenge, ORIGIN, id, clock.instant(), ReceiptClaims.DEFAULT_HOLD);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    /** A token with other claims, header or key than it should have. */
    String forge(SigningKey key, ArtifactType type, ReceiptClaims claims, Map<String, Object> changes) {
        try {
            Map<String, @Nullable Object> members = new HashMap<>(
                    CompactJws.parse(ReceiptToken.issue(mint, claims).format()).claims());
            members.putAll(changes);
            return CompactJws.sign(key, type, members);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private synchronized void vouch(ReceiptClaims claims) {
        payments.put(
                claims.tokenId(),
                new ServicePayment(
                        claims.amount(),
                        Amount.ZERO,
                        claims.challengeId(),
                        claims.currency(),
                        claims.expiresAt(),
                        claims.holdExpiresAt(),
                        claims.issuedAt(),
                        claims.audience(),
                        Amount.ZERO,
                        State.HELD,
                        claims.tokenId(),
                        null));
    }

    // ---- what it does next ---------------------------------------------------------------------------------------

    /** From now on nobody answers. */
    void goAway() {
        trouble = ServiceCallException.unreachable("nobody is there");
    }

    /** From now on every call is refused. */
    void refuse(ServiceCallException how) {
        trouble = how;
    }

    void comeBack() {
        trouble = null;
    }

    /** Says something else than what it did. */
    void lie(Function<Result, Result> how) {
        twist = how;
    }

    /** Works, and answers only when the test says so. */
    CompletableFuture<Void> answerLater() {
        CompletableFuture<Void> opened = new CompletableFuture<>();
        gate = opened;
        return opened;
    }

    synchronized List<ServicePayment> payments() {
        return new ArrayList<>(payments.values());
    }

    synchronized ServicePayment payment(String challengeId) {
        return payments.values().stream()
                .filter(payment -> payment.challengeId().equals(challengeId))
                .findFirst()
                .orElseThrow();
    }

    // ---- the payee's side ----------------------------------------------------------------------------------------

    @Override
    public CompletionStage<CaptureResults> settle(Origin service, Origin payee, CaptureBatch batch) {
        batches.add(batch);
        if (trouble != null) {
            return CompletableFuture.failedFuture(trouble);
        }
        List<Result> results = new ArrayList<>();
        batch.items().forEach(item -> results.add(twist.apply(settle(payee, item))));
        CompletableFuture<Void> opened = gate;
        gate = null;
        return (opened == null ? CompletableFuture.<Void>completedFuture(null) : opened)
                .thenApply(open -> new CaptureResults(results));
    }

    private synchronized Result settle(Origin payee, CaptureBatch.Item item) {
        String id = item.tokenId();
        ServicePayment payment = payments.get(id);
        if (payment == null || !payment.recipient().equals(payee.text())) {
            return new Result(id, Outcome.UNKNOWN, null);
        }
        boolean capture = item.op() == Op.CAPTURE;
        Amount amount = item.amount() == null ? Amount.ZERO : item.amount();
        if (payment.state() == State.CAPTURED) {
            boolean same = capture && payment.captured().equals(amount);
            return new Result(id, same ? Outcome.ALREADY_CAPTURED : Outcome.CONFLICT, payment.captured());
        }
        if (payment.state() == State.RELEASED) {
            return new Result(id, capture ? Outcome.CONFLICT : Outcome.RELEASED, null);
        }
        if (!clock.instant().isBefore(payment.holdExpires())) {
            put(payment, State.EXPIRED, Amount.ZERO, Amount.ZERO);
            return new Result(id, Outcome.EXPIRED, null);
        }
        put(payment, capture ? State.CAPTURED : State.RELEASED, amount, Amount.ZERO);
        return capture ? new Result(id, Outcome.CAPTURED, amount) : new Result(id, Outcome.RELEASED, null);
    }

    @Override
    public synchronized CompletionStage<ServicePayment> refund(Origin service, Origin payee, RefundOrder order) {
        refunds.add(order);
        if (trouble != null) {
            return CompletableFuture.failedFuture(trouble);
        }
        ServicePayment payment = payments.get(order.tokenId());
        if (payment == null) {
            return CompletableFuture.failedFuture(
                    ServiceCallException.refused("no such payment", 404, ProblemType.NOT_FOUND, null));
        }
        if (refunded.add(order.idempotencyKey())) {
            put(payment, payment.state(), payment.captured(), payment.refunded().plus(order.amount()));
        }
        return CompletableFuture.completedFuture(payments.get(order.tokenId()));
    }

    @Override
    public synchronized CompletionStage<PaymentsPage> payments(
            Origin service, Origin payee, @Nullable String cursor, int limit) {
        if (trouble != null) {
            return CompletableFuture.failedFuture(trouble);
        }
        List<ServicePayment> all = payments.values().stream()
                .filter(payment -> payment.recipient().equals(payee.text()))
                .toList();
        int from = cursor == null ? 0 : Integer.parseInt(cursor);
        int until = Math.min(all.size(), from + Math.min(limit, 3));
        return CompletableFuture.completedFuture(
                new PaymentsPage(until < all.size() ? Integer.toString(until) : null, all.subList(from, until)));
    }

    /** What the payer's statement, or a mistake at the service, makes of a payment. */
    synchronized void put(String challengeId, State state, long captured) {
        put(payment(challengeId), state, Amount.of(captured), Amount.ZERO);
    }

    private void put(ServicePayment p, State state, Amount captured, Amount refunded) {
        payments.put(
                p.tokenId(),
                new ServicePayment(
                        p.amount(),
                        captured,
                        p.challengeId(),
                        p.currency(),
                        p.expires(),
                        p.holdExpires(),
                        p.issued(),
                        p.recipient(),
                        refunded,
                        state,
                        p.tokenId(),
                        null));
    }
}

package org.farthing.client.testing;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentReceipt;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.ChallengeSigner;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.ReceiptSigner;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.protocol.wallet.ReceiptToken;
import org.farthing.protocol.wallet.ReleaseStatement;
import org.jspecify.annotations.Nullable;

/** A payee with keys and a ledger of its own that counts every order it could debit, whatever it tells the client. */
public final class TestPayee {

    public static final String CONTENT = "what was paid for";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final AtomicInteger SERIAL = new AtomicInteger();

    private final Origin origin;
    private final InstantSource clock;
    private final SigningKey key = SigningKey.generate(Algorithm.ED25519, null, RANDOM);
    private final Map<String, Amount> orders = new ConcurrentHashMap<>();
    private volatile KeyDirectory directory;
    private volatile @Nullable KeyDirectory walletService;

    public TestPayee(Origin origin, InstantSource clock) {
        this.origin = origin;
        this.clock = clock;
        this.directory = KeyDirectory.of(origin, List.of(key.publicKey()));
    }

    public Origin origin() {
        return origin;
    }

    public SigningKey key() {
        return key;
    }

    public KeyDirectory directory() {
        return directory;
    }

    public void publish(KeyDirectory next) {
        directory = next;
    }

    /** What an honest payee asks for a request, before it is signed. */
    public Offer offer(Received request) {
        Offer offer = offer(RequestTarget.ofUri(request.method(), URI.create(origin.text() + request.target())));
        offer.digest = request.header("Content-Digest").orElse(null);
        return offer;
    }

    /** What it asks for a request without a body, wherever that arrives. */
    public Offer offer(RequestTarget target) {
        return new Offer(
                "challenge-" + SERIAL.incrementAndGet(),
                origin.realm(),
                origin.text(),
                clock.instant().plus(Duration.ofMinutes(5)).truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
                Opaque.exact(Opaque.newNonce(RANDOM), target.rb()).format());
    }

    public Challenge signed(Offer offer) {
        return ChallengeSigner.sign(key, offer.challenge());
    }

    /** An unpaid answer. */
    public Reply demand(Received request, Consumer<Offer> change) {
        Offer offer = offer(request);
        change.accept(offer);
        return demand(signed(offer));
    }

    public static Reply demand(Challenge challenge) {
        return Reply.problem(Problem.of(ProblemType.PAYMENT_REQUIRED, "This page costs money."))
                .header("Cache-Control", "no-store")
                .header("WWW-Authenticate", challenge.format());
    }

    /** A paid answer. */
    public Reply serve(Credential paid) {
        return Reply.ok(CONTENT)
                .header("Payment-Receipt", receipt(paid.challenge()).format())
                .header("Payment-Outcome", outcome(ChargeOutcome.State.CAPTURED, paid));
    }

    /** A paid answer whose receipt has a pass. */
    public Reply serveWithPass(Credential paid, String pass, Instant until) {
        return Reply.ok(CONTENT)
                .header(
                        "Payment-Receipt",
                        receipt(paid.challenge(), pass, until).format())
                .header("Payment-Outcome", outcome(ChargeOutcome.State.CAPTURED, paid));
    }

    public static String outcome(ChargeOutcome.State state, Credential paid) {
        return new ChargeOutcome(state, paid.challenge().id()).format();
    }

    public PaymentReceipt receipt(Challenge paid) {
        return receipt(paid, null, null);
    }

    private PaymentReceipt receipt(Challenge paid, @Nullable String pass, @Nullable Instant until) {
        try {
            PaymentReceipt.Builder receipt = PaymentReceipt.builder(paid.method(), "charge-1", clock.instant())
                    .forChallenge(
                            paid, paid.paymentRequest(), paid.paymentRequest().amount());
            String rb =
                    paid.opaque() == null ? null : Opaque.parse(paid.opaque()).rb();
            return ReceiptSigner.sign(
                    key,
                    receipt.with("rb", rb)
                            .with("pass", pass)
                            .with("passUntil", until == null ? null : until.toString())
                            .build());
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    /** An answer that says, signed, that nothing was charged. */
    public Problem released(Credential paid, String executed) {
        return Problem.of(ProblemType.PAYMENT_RELEASED, "Nothing was charged.")
                .with("executed", executed)
                .with(
                        "release",
                        ReleaseStatement.sign(key, paid.challenge().id(), origin, clock.instant())
                                .toMembers());
    }

    /** The field in which an application's own answer says, signed, that nothing was charged. */
    public String releaseField(Credential paid) {
        return ReleaseStatement.sign(key, paid.challenge().id(), origin, clock.instant())
                .formatField();
    }

    /** Asks for money, and serves whoever pays; the usual script. */
    public Function<Received, Reply> honest(VerificationKey payer) {
        return script(payer, request -> demand(request, offer -> {}), (request, paid) -> serve(paid));
    }

    /** What it does with a request and the credential on it. */
    @FunctionalInterface
    public interface Paid {
        Reply answer(Received request, Credential paid);
    }

    /** A script with keys, and every order debited before it is answered. */
    public Function<Received, Reply> script(VerificationKey payer, Function<Received, Reply> unpaid, Paid paid) {
        return request -> {
            if (request.target().equals(KeyDirectory.WELL_KNOWN_PATH)) {
                return Reply.ok(directory.format());
            }
            Optional<Credential> credential = request.credential();
            if (credential.isEmpty()) {
                return unpaid.apply(request);
            }
            debit(credential.get(), payer);
            return paid.answer(request, credential.get());
        };
    }

    /** From now on it takes receipt tokens of this wallet service too. */
    public void accept(KeyDirectory service) {
        walletService = service;
    }

    private void debit(Credential credential, VerificationKey payer) {
        try {
            KeyDirectory service = walletService;
            if (service != null && ReceiptToken.TYPE.equals(credential.payload().get("type"))) {
                ReceiptToken token = ReceiptToken.parse(credential);
                token.verify(
                        service,
                        new ReceiptToken.Expectations(credential.challenge(), Duration.ofMinutes(30)),
                        clock.instant());
                orders.put(credential.challenge().id(), token.claims().amount());
                return;
            }
            PaymentOrder order = PaymentOrder.parse(credential);
            order.verify(payer, origin);
            orders.put(credential.challenge().id(), order.maxAmount());
        } catch (MalformedException | SignatureRejectedException e) {
            throw new AssertionError("the client sent a proof that does not verify", e);
        }
    }

    /** All it could have taken with the orders it got: one per challenge. */
    public long takable() {
        return orders.values().stream().mapToLong(Amount::baseUnits).sum();
    }

    /** How many different challenges were paid. */
    public int payments() {
        return orders.size();
    }
}

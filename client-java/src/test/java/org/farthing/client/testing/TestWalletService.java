package org.farthing.client.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.PaymentReply;
import org.farthing.protocol.wallet.PaymentSubmission;
import org.farthing.protocol.wallet.ReceiptClaims;
import org.farthing.protocol.wallet.ReceiptToken;
import org.farthing.protocol.wallet.ReleaseNotice;
import org.farthing.protocol.wallet.ServicePayment;
import org.farthing.protocol.wallet.ServicePayment.State;
import org.farthing.protocol.wallet.WalletRequest;

/** A wallet service of one wallet that keeps every order it got, and whose answers a test can change. */
public final class TestWalletService {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Origin origin;
    private final InstantSource clock;
    private final SigningKey key =
            SigningKey.generate(Algorithm.ED25519, "w-1", RANDOM).withRoles(Set.of(Role.RECEIPT_TOKEN));
    private final VerificationKey payer;
    private final Map<String, PaymentReply> payments = new ConcurrentHashMap<>();
    private final List<String> orders = new CopyOnWriteArrayList<>();
    private volatile KeyDirectory directory;
    private volatile KeyDirectory ofPayee;
    private volatile UnaryOperator<PaymentReply> forged = UnaryOperator.identity();

    public TestWalletService(Origin origin, InstantSource clock, VerificationKey payer, KeyDirectory ofPayee) {
        this.origin = origin;
        this.clock = clock;
        this.payer = payer;
        this.ofPayee = ofPayee;
        this.directory = KeyDirectory.of(origin, List.of(key.publicKey()));
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

    public void register(KeyDirectory payee) {
        ofPayee = payee;
    }

    /** Changes what it answers to orders, not what it keeps. */
    public void forge(UnaryOperator<PaymentReply> change) {
        forged = change;
    }

    /** Every signed order it got, in order; the same one again shows again. */
    public List<String> orders() {
        return List.copyOf(orders);
    }

    /** How much it holds or paid out. */
    public long taken() {
        return payments.values().stream()
                .map(PaymentReply::payment)
                .filter(payment -> payment.state() == State.HELD || payment.state() == State.CAPTURED)
                .mapToLong(payment -> payment.amount().baseUnits())
                .sum();
    }

    public int payments() {
        return payments.size();
    }

    /** Its only receipt token. */
    public String onlyReceipt() {
        return payments.values().iterator().next().receipt();
    }

    /** Sets how all payments stand, as if the payee, or time, had done it. */
    public void settle(State state) {
        payments.replaceAll((id, reply) -> new PaymentReply(standing(reply.payment(), state), reply.receipt()));
    }

    private static ServicePayment standing(ServicePayment was, State state) {
        return new ServicePayment(
                was.amount(),
                state == State.CAPTURED ? was.amount() : Amount.ZERO,
                was.challengeId(),
                was.currency(),
                was.expires(),
                was.holdExpires(),
                was.issued(),
                was.recipient(),
                Amount.ZERO,
                state,
                was.tokenId(),
                was.wallet());
    }

    /** Does what an honest service does. */
    public Function<Received, Reply> honest() {
        return request -> {
            if (request.target().equals(KeyDirectory.WELL_KNOWN_PATH)) {
                return Reply.ok(directory.format());
            }
            try {
                authenticate(request);
                if (request.method().equals("GET")) {
                    return found(request);
                }
                return request.target().equals("/v1/payments") ? pay(request) : release(request);
            } catch (MalformedException | SignatureRejectedException e) {
                return Reply.problem(Problem.of(ProblemType.VERIFICATION_FAILED, String.valueOf(e.getMessage()))
                        .withStatus(403));
            }
        };
    }

    private void authenticate(Received request) throws MalformedException, SignatureRejectedException {
        WalletRequest claimed = WalletRequest.parse(
                request.header("Authorization").orElseThrow().substring("Bearer ".length()));
        RequestTarget target = RequestTarget.ofUri(request.method(), URI.create(origin.text() + request.target()));
        claimed.verify(payer, origin, target, request.text().getBytes(UTF_8), clock.instant());
    }

    private Reply pay(Received request) throws MalformedException, SignatureRejectedException {
        PaymentSubmission submission = PaymentSubmission.parse(request.text().getBytes(UTF_8));
        Challenge challenge = submission.challenge();
        orders.add(submission.order().jws());
        org.farthing.protocol.wallet.SubmittedChallenge.verify(challenge, ofPayee, origin, clock.instant());
        submission.order().verify(payer, origin);
        if (!request.header("Idempotency-Key").orElse("").equals(challenge.id())) {
            throw new AssertionError("the client names another idempotency key than the challenge");
        }
        boolean known = payments.containsKey(challenge.id());
        PaymentReply reply = payments.computeIfAbsent(challenge.id(), id -> reply(challenge, submission));
        return Reply.of(known ? 200 : 201).body(forged.apply(reply).format());
    }

    private PaymentReply reply(Challenge challenge, PaymentSubmission submission) {
        ReceiptClaims claims = claims(challenge);
        ServicePayment payment = new ServicePayment(
                claims.amount(),
                Amount.ZERO,
                challenge.id(),
                claims.currency(),
                claims.expiresAt(),
                claims.holdExpiresAt(),
                claims.issuedAt(),
                claims.audience(),
                Amount.ZERO,
                State.HELD,
                claims.tokenId(),
                submission.order().wallet());
        return new PaymentReply(payment, ReceiptToken.issue(key, claims).format());
    }

    /** What an honest token says of a challenge. */
    public ReceiptClaims claims(Challenge challenge) {
        byte[] id = new byte[16];
        RANDOM.nextBytes(id);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        try {
            return ReceiptClaims.forChallenge(challenge, origin, Base64Url.encode(id), now, Duration.ofHours(1));
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private Reply found(Received request) {
        String path = URI.create(request.target()).getPath();
        PaymentReply reply = payments.get(path.substring(path.lastIndexOf('/') + 1));
        return reply == null
                ? Reply.problem(Problem.of(ProblemType.NOT_FOUND, "No such payment."))
                : Reply.ok(reply.payment().format());
    }

    private Reply release(Received request) throws MalformedException, SignatureRejectedException {
        ReleaseNotice notice = ReleaseNotice.parse(request.text().getBytes(UTF_8));
        String id = notice.statement().challengeId();
        notice.statement().verify(ofPayee, id, clock.instant());
        PaymentReply reply = payments.get(id);
        if (reply == null || !request.target().equals("/v1/payments/" + id + "/release")) {
            return Reply.problem(Problem.of(ProblemType.NOT_FOUND, "No such payment."));
        }
        if (reply.payment().state() == State.CAPTURED) {
            return Reply.problem(Problem.of(ProblemType.ALREADY_FULFILLED, "It was collected."));
        }
        PaymentReply released = new PaymentReply(standing(reply.payment(), State.RELEASED), reply.receipt());
        payments.put(id, released);
        return Reply.ok(released.payment().format());
    }
}

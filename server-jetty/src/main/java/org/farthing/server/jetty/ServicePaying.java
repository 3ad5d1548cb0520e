package org.farthing.server.jetty;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.server.Request;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.wallet.PaymentReply;
import org.farthing.protocol.wallet.PaymentSubmission;
import org.farthing.protocol.wallet.ReceiptClaims;
import org.farthing.server.jetty.SubmissionCheck.Payable;
import org.farthing.server.jetty.TokenMint.Minted;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.PaymentHold;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.Vouched;
import org.farthing.server.ledger.VouchedPayment;
import org.farthing.server.ledger.Wallet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /v1/payments}: checks a challenge and an order, sets the money aside and hands out the receipt token
 * (specification: wallet-service.md, F-WS-6 to F-WS-10 and F-WS-24 to F-WS-30).
 *
 * <p>The same order again gets the stored token, whatever became of payee, wallet and challenge meanwhile: the service vouched
 * for it once, and the payer may have lost the answer.
 */
final class ServicePaying {

    private static final Logger LOG = LoggerFactory.getLogger(ServicePaying.class);

    private static final int CONFLICT = 409;

    private final Origin self;
    private final Ledger ledger;
    private final WalletCallers callers;
    private final SubmissionCheck check;
    private final TokenMint mint;
    private final NotHeld notHeld;
    private final InstantSource clock;

    ServicePaying(
            Origin self,
            Ledger ledger,
            WalletCallers callers,
            SubmissionCheck check,
            TokenMint mint,
            NotHeld notHeld,
            InstantSource clock) {
        this.self = self;
        this.ledger = ledger;
        this.callers = callers;
        this.check = check;
        this.mint = mint;
        this.notHeld = notHeld;
        this.clock = clock;
    }

    CompletionStage<JsonReply> pay(Request request, byte[] body) {
        return callers.payer(request, body).thenCompose(wallet -> {
            PaymentSubmission submission = WalletBodies.submission(body);
            requireOwnKey(request, submission.challenge());
            if (!submission.order().wallet().equals(wallet.id())) {
                throw WalletCallers.unauthenticated();
            }
            return pay(submission, wallet, true, RequestId.of(request));
        });
    }

    /** The challenge's id is the idempotency key; a client that sends one can mean no other. */
    private static void requireOwnKey(Request request, Challenge challenge) {
        List<String> keys = request.getHeaders().getValuesList("Idempotency-Key");
        if (keys.size() > 1 || (keys.size() == 1 && !keys.get(0).equals(challenge.id()))) {
            throw new Refusal(Problem.of(
                    ProblemType.BAD_REQUEST, "An Idempotency-Key is the id of the challenge here, or none."));
        }
    }

    private CompletionStage<JsonReply> pay(
            PaymentSubmission submission, Wallet wallet, boolean first, String requestId) {
        return check.payable(submission, wallet)
                .thenApply(payable -> hold(submission, wallet, payable))
                .exceptionallyCompose(failure -> earlier(submission, wallet, failure))
                .thenCompose(hold -> ledger.payments().hold(hold).thenCompose(vouched -> {
                    if (first && keysChanged(vouched)) {
                        return again(submission, requestId);
                    }
                    return CompletableFuture.completedStage(answer(vouched, hold, requestId));
                }));
    }

    /** A key came or went since the order was verified: look at the wallet again, once. */
    private CompletionStage<JsonReply> again(PaymentSubmission submission, String requestId) {
        return ledger.wallet(submission.order().wallet())
                .thenCompose(wallet ->
                        pay(submission, wallet.orElseThrow(WalletCallers::unauthenticated), false, requestId));
    }

    private static boolean keysChanged(Vouched vouched) {
        return vouched instanceof Vouched.Refused refused
                && refused.why() instanceof Reserved.WalletUnusable unusable
                && unusable.why() == Reserved.WalletUnusable.Why.KEY_CHANGED;
    }

    private PaymentHold hold(PaymentSubmission submission, Wallet wallet, Payable payable) {
        Instant now = clock.instant();
        Minted minted = mint.forChallenge(
                submission.challenge(), payable.payee().payee().deferred(), now, now);
        return hold(
                submission,
                wallet,
                payable.keyThumbprint(),
                minted,
                payable.offer().opaque().rb());
    }

    private PaymentHold hold(
            PaymentSubmission submission, Wallet wallet, String key, Minted minted, @Nullable String rb) {
        ReceiptClaims claims = minted.claims();
        return new PaymentHold(
                wallet.id(),
                key,
                wallet.version(),
                claims.audience(),
                claims.challengeId(),
                submission.order().hash(self),
                claims.tokenId(),
                minted.token(),
                claims.currency().text(),
                claims.amount().baseUnits(),
                claims.expiresAt(),
                claims.holdExpiresAt(),
                rb);
    }

    /**
     * What is refused now may have been paid before: then its order is all that counts. The ledger compares it with the one it
     * has, and hands out the token it keeps; the one made here never leaves.
     */
    private CompletionStage<PaymentHold> earlier(PaymentSubmission submission, Wallet wallet, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (!(cause instanceof Refusal)) {
            return CompletableFuture.failedStage(cause);
        }
        String recipient = SubmissionCheck.recipient(submission.challenge());
        return ledger.payments().find(wallet.id(), submission.challenge().id()).thenCompose(found -> {
            for (VouchedPayment payment : found) {
                if (payment.recipient().equals(recipient)) {
                    String key = check.signer(submission.order(), wallet);
                    Minted minted = mint.forChallenge(submission.challenge(), false, payment.issued(), clock.instant());
                    return CompletableFuture.completedStage(hold(submission, wallet, key, minted, null));
                }
            }
            return CompletableFuture.failedStage(cause);
        });
    }

    private JsonReply answer(Vouched vouched, PaymentHold hold, String requestId) {
        if (vouched instanceof Vouched.Held held) {
            LOG.info(
                    "Payment {} to {} held, {} {} of {}, request {}",
                    hold.challengeId(),
                    hold.recipient(),
                    hold.amount(),
                    hold.currency(),
                    hold.wallet(),
                    requestId);
            return reply(201, held.payment(), held.token());
        }
        if (vouched instanceof Vouched.Known known) {
            VouchedPayment payment = known.payment();
            if (payment.state() == VouchedPayment.State.RELEASED || payment.state() == VouchedPayment.State.EXPIRED) {
                throw new Refusal(Problem.of(
                                ProblemType.PAYMENT_RELEASED,
                                "This payment went back to the wallet; its challenge cannot be paid again.")
                        .withStatus(CONFLICT));
            }
            return reply(200, payment, known.token());
        }
        if (vouched instanceof Vouched.Refused refused) {
            throw notHeld.because(refused.why(), hold);
        }
        throw new Refusal(Problem.of(
                        ProblemType.IDEMPOTENCY_CONFLICT,
                        "This challenge was paid with another order or by another wallet.")
                .withStatus(CONFLICT));
    }

    private static JsonReply reply(int status, VouchedPayment payment, String token) {
        return new JsonReply(status, new PaymentReply(PaymentJson.payment(payment), token).format());
    }
}

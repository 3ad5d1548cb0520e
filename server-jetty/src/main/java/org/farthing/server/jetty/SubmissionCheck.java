package org.farthing.server.jetty;

import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.farthing.protocol.signature.VerificationKey;
import org.farthing.protocol.wallet.PaymentOrder;
import org.farthing.protocol.wallet.PaymentSubmission;
import org.farthing.protocol.wallet.SubmittedChallenge;
import org.farthing.server.jetty.PayeeRegistry.Registered;
import org.farthing.server.ledger.Wallet;
import org.farthing.server.ledger.WalletKey;
import org.farthing.server.trust.KeyDocuments;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a wallet service checks before it holds money (specification: wallet-service.md, F-WS-7 and F-WS-24 to F-WS-27; protocol
 * section 2.3): the payee is registered, the challenge is its offer, the order is this wallet's, for this service.
 */
final class SubmissionCheck {

    private static final Logger LOG = LoggerFactory.getLogger(SubmissionCheck.class);

    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;

    private final Origin self;
    private final PayeeRegistry payees;
    private final InstantSource clock;
    private final boolean loopbackProfile;

    SubmissionCheck(Origin self, PayeeRegistry payees, InstantSource clock, boolean loopbackProfile) {
        this.self = self;
        this.payees = payees;
        this.clock = clock;
        this.loopbackProfile = loopbackProfile;
    }

    /**
     * A challenge and an order that may be paid.
     *
     * @param offer what the challenge says
     * @param payee who is paid
     * @param keyThumbprint which key of the wallet signed
     */
    record Payable(SubmittedChallenge offer, Registered payee, String keyThumbprint) {}

    /** Makes all checks; the stage fails with {@link Refusal} if one of them does. */
    CompletionStage<Payable> payable(PaymentSubmission submission, Wallet wallet) {
        return payee(submission.challenge())
                .thenCompose(payee -> offer(submission.challenge(), payee))
                .thenApply(
                        offered -> new Payable(offered.offer(), offered.payee(), signer(submission.order(), wallet)));
    }

    /** Whom a challenge pays, by its own word. */
    static String recipient(Challenge challenge) {
        try {
            String recipient = challenge.paymentRequest().recipient();
            return recipient == null ? "" : recipient;
        } catch (MalformedException e) {
            throw new IllegalStateException("A submission's request was read when it was parsed.", e);
        }
    }

    /** The thumbprint of the wallet's key that signed the order, for this service (T71). */
    String signer(PaymentOrder order, Wallet wallet) {
        try {
            WalletKey key = wallet.key(order.kid()).orElse(null);
            if (key == null) {
                throw notVerified();
            }
            order.verify(VerificationKey.parse(key.jwk()), self);
            return key.thumbprint();
        } catch (SignatureRejectedException | MalformedException e) {
            LOG.debug("An order of wallet {} does not count: {}", wallet.id(), e.getMessage());
            throw notVerified();
        }
    }

    private CompletionStage<Registered> payee(Challenge challenge) {
        String recipient = recipient(challenge);
        if (!loopbackProfile && !recipient.startsWith("https://")) {
            throw notRegistered();
        }
        return payees.find(recipient).thenApply(found -> {
            Registered payee = found.orElseThrow(SubmissionCheck::notRegistered);
            if (payee.isFrozen()) {
                throw notRegistered();
            }
            if (payee.keys().keys().isEmpty()) {
                throw Refusal.waitFirst(
                        ProblemType.LEDGER_UNAVAILABLE,
                        "The keys of the payee cannot be had at the moment.",
                        KeyDocuments.BETWEEN_FETCHES);
            }
            return payee;
        });
    }

    private record Offered(SubmittedChallenge offer, Registered payee) {}

    private CompletionStage<Offered> offer(Challenge challenge, Registered payee) {
        try {
            return CompletableFuture.completedStage(new Offered(verified(challenge, payee), payee));
        } catch (SignatureRejectedException e) {
            if (e.reason() != Reason.UNKNOWN_KEY) {
                throw invalid(e, payee);
            }
        }
        return payees.again(payee).thenApply(renewed -> {
            try {
                return new Offered(verified(challenge, renewed), renewed);
            } catch (SignatureRejectedException e) {
                throw invalid(e, renewed);
            }
        });
    }

    private SubmittedChallenge verified(Challenge challenge, Registered payee) throws SignatureRejectedException {
        return SubmittedChallenge.verify(challenge, payee.keys(), self, clock.instant());
    }

    private static Refusal invalid(SignatureRejectedException rejected, Registered payee) {
        LOG.debug("A challenge of payee {} is refused: {}", payee.payee().origin(), rejected.reason());
        if (rejected.reason() == Reason.EXPIRED) {
            return new Refusal(expired());
        }
        return new Refusal(Problem.of(
                        ProblemType.INVALID_CHALLENGE,
                        "This is no challenge that its payee made for a payment through this service.")
                .with("reason", SubmittedChallenge.word(rejected.reason()))
                .withStatus(BAD_REQUEST));
    }

    static Problem expired() {
        return Problem.of(ProblemType.PAYMENT_EXPIRED, "The challenge has expired; nothing was set aside for it.")
                .withStatus(BAD_REQUEST);
    }

    static Refusal notVerified() {
        return new Refusal(Problem.of(
                        ProblemType.VERIFICATION_FAILED,
                        "The order is not signed by a key of the wallet for this service and this challenge.")
                .with("reason", "proof")
                .withStatus(FORBIDDEN));
    }

    private static Refusal notRegistered() {
        return new Refusal(Problem.of(
                ProblemType.NOT_ALLOWED, "This service makes no payments to the recipient of the challenge."));
    }
}

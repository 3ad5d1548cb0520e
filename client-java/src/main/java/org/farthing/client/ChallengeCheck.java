package org.farthing.client;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.farthing.client.budget.ApprovalRequest;
import org.farthing.client.budget.Proposal;
import org.farthing.client.budget.Refusal;
import org.farthing.client.method.PaymentMethod;
import org.farthing.client.method.Price;
import org.farthing.client.method.UnpayableException;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.ContentDigest;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.signature.ChallengeVerifier;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SignatureRejectedException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * Every check of one challenge before money is touched (spec/client.md, F-CL-2 to F-CL-11; spec/signatures.md, F-SG-30 to
 * F-SG-36). The cheap checks come first; keys are fetched for a challenge that passed them, and from origins that the caller
 * or the owner named, never from one that only a message names.
 */
final class ChallengeCheck {

    private final Payer payer;
    private final Carrier<?> carrier;
    private final RequestTarget target;

    ChallengeCheck(Payer payer, Carrier<?> carrier, RequestTarget target) {
        this.payer = payer;
        this.carrier = carrier;
        this.target = target;
    }

    /** A challenge that may be paid as far as checks without money tell. */
    record Checked(
            Challenge challenge,
            PaymentMethod method,
            Price price,
            Proposal proposal,
            Instant expires,
            Keys keys,
            TrustCheck.Trusted trust) {

        ApprovalRequest forApproval() {
            return new ApprovalRequest(
                    proposal, expires, price.capture(), price.service(), challenge.jws() != null, trust.isFirstUse());
        }

        Checked with(Keys found, TrustCheck.Trusted trusted) {
            return new Checked(challenge, method, price, proposal, expires, found, trusted);
        }
    }

    /** The key documents of a payment; null where there is none, or the recipient is the origin itself. */
    record Keys(@Nullable KeyDirectory ofOrigin, @Nullable KeyDirectory ofRecipient) {

        static final Keys NONE = new Keys(null, null);

        /** The document that speaks for whoever gets the money. */
        @Nullable
        KeyDirectory ofPayee() {
            return ofRecipient == null ? ofOrigin : ofRecipient;
        }
    }

    /** Checks a challenge; fails with {@link DeclinedException}. */
    CompletableFuture<Checked> check(Challenge challenge) {
        try {
            Checked checked = checkAlone(challenge);
            return checkSignature(checked).thenCompose(keys -> payer.blocking(() -> checkPins(checked, keys)));
        } catch (DeclinedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** What a payment method of others throws is no reason to hide the 402: its challenge is not paid, another may be. */
    private static Price read(PaymentMethod method, Challenge challenge)
            throws DeclinedException, MalformedException, UnpayableException {
        try {
            return method.read(challenge);
        } catch (RuntimeException e) {
            throw new DeclinedException(
                    DeclineReason.METHOD_UNSUPPORTED,
                    "the payment method failed on the challenge ("
                            + e.getClass().getSimpleName() + ")");
        }
    }

    private Checked checkAlone(Challenge challenge) throws DeclinedException {
        PaymentMethod method = payer.methodFor(challenge)
                .orElseThrow(() -> new DeclinedException(
                        DeclineReason.METHOD_UNSUPPORTED,
                        "the server wants a payment method this client does not have"));
        checkField(challenge);
        try {
            Price price = read(method, challenge);
            Proposal proposal =
                    new Proposal(target, price.recipient(), price.amount(), price.currency(), method.isPrepaid());
            Instant expires = checkTime(challenge, method);
            checkBody(challenge);
            checkLoopback(proposal);
            Optional<Refusal> refusal = payer.policy().checkAlone(proposal);
            if (refusal.isPresent()) {
                throw DeclinedException.of(refusal.get(), proposal);
            }
            return new Checked(challenge, method, price, proposal, expires, Keys.NONE, TrustCheck.Trusted.UNSEEN);
        } catch (MalformedException e) {
            throw new DeclinedException(
                    DeclineReason.MALFORMED_CHALLENGE, "the challenge follows no rules: " + e.getMessage());
        } catch (UnpayableException e) {
            throw new DeclinedException(DeclineReason.METHOD_UNSUPPORTED, String.valueOf(e.getMessage()));
        }
    }

    private void checkField(Challenge challenge) throws DeclinedException {
        if (challenge.header() != null) {
            return;
        }
        if (carrier.hasOwnAuthorization() && !payer.settings().replaceAuthorization()) {
            throw new DeclinedException(
                    DeclineReason.AUTHORIZATION_IN_USE,
                    "the request has its own Authorization, and the challenge offers no other field");
        }
        if (carrier.losesAuthorization()) {
            throw new DeclinedException(
                    DeclineReason.AUTHORIZATION_IN_USE,
                    "the HTTP client fills Authorization by itself, and the challenge offers no other field");
        }
    }

    private Instant checkTime(Challenge challenge, PaymentMethod method) throws DeclinedException, MalformedException {
        if (challenge.expires() == null) {
            throw new DeclinedException(DeclineReason.EXPIRED, "the challenge does not say when it ends");
        }
        Instant expires = challenge.expiresAt();
        Instant now = payer.clock().instant();
        if (!now.isBefore(expires)) {
            throw new DeclinedException(DeclineReason.EXPIRED, "the challenge has expired");
        }
        Duration longest = challenge.jws() == null ? method.longestOffer() : ChallengeVerifier.MAX_LIFETIME;
        if (Duration.between(now, expires).compareTo(longest.plus(ChallengeVerifier.CLOCK_SKEW)) > 0) {
            throw new DeclinedException(
                    DeclineReason.TOO_LONG_LIVED, "a challenge lives at most " + longest.toMinutes() + " minutes");
        }
        return expires;
    }

    private void checkBody(Challenge challenge) throws DeclinedException, MalformedException {
        if (!carrier.isRepeatable()) {
            throw new DeclinedException(
                    DeclineReason.BODY_NOT_REPEATABLE, "the body is too long, or of unknown length, to be sent again");
        }
        Optional<ContentDigest> digest = carrier.digest();
        if (challenge.digest() == null) {
            // Servers of others never bind the body; an owner who pays them unsigned accepts that too.
            if (digest.isPresent() && challenge.jws() != null) {
                throw new DeclinedException(DeclineReason.DIGEST_MISMATCH, "the challenge does not bind the body");
            }
        } else if (!digest.equals(Optional.of(ContentDigest.parseSlot(challenge.digest())))) {
            throw new DeclinedException(DeclineReason.DIGEST_MISMATCH, "the challenge is for another body");
        }
    }

    /** Plain http is paid on loopback literals only, with the switch, to the origin itself, and through no proxy. */
    private void checkLoopback(Proposal proposal) throws DeclinedException {
        Origin origin = target.origin();
        if (origin.isHttps()) {
            return;
        }
        if (!payer.settings().loopback() || !origin.isLoopback() || !carrier.isDirect()) {
            throw new DeclinedException(DeclineReason.NOT_SECURE, "plain http is paid only in the loopback profile");
        }
        if (!proposal.recipient().equals(origin.text())) {
            throw new DeclinedException(
                    DeclineReason.WRONG_RECIPIENT, "in the loopback profile only the origin itself is paid");
        }
    }

    private CompletableFuture<Keys> checkSignature(Checked checked) {
        Challenge challenge = checked.challenge();
        if (challenge.jws() == null) {
            return checkUnsigned(checked);
        }
        return keys(checked, Keys.NONE).thenCompose(keys -> {
            Optional<SignatureRejectedException> rejected = verify(challenge, keys);
            if (rejected.isPresent() && rejected.get().reason() == Reason.UNKNOWN_KEY) {
                // The key may be newer than the document we kept; the fetcher bounds how often we may ask again.
                return keys(checked, keys).thenApply(newer -> required(newer, verify(challenge, newer)));
            }
            return CompletableFuture.completedFuture(required(keys, rejected));
        });
    }

    private static Keys required(Keys keys, Optional<SignatureRejectedException> rejected) {
        if (rejected.isPresent()) {
            throw new CompletionException(DeclinedException.of(rejected.get()));
        }
        return keys;
    }

    private Optional<SignatureRejectedException> verify(Challenge challenge, Keys keys) {
        if (keys.ofOrigin() == null) {
            throw new IllegalStateException("keys were fetched before");
        }
        try {
            ChallengeVerifier.verify(
                    challenge,
                    target,
                    keys.ofOrigin(),
                    keys.ofRecipient(),
                    payer.clock().instant());
            return Optional.empty();
        } catch (SignatureRejectedException e) {
            return Optional.of(e);
        }
    }

    private CompletableFuture<Keys> keys(Checked checked, Keys after) {
        return KeyLookup.of(payer, target.origin(), checked.price().recipient(), after)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        new DeclinedException(DeclineReason.KEYS_UNAVAILABLE, Failures.words(failure))));
    }

    /** Without a signature: only where the owner said so, for money, and at an origin that never signed (F-SG-36). */
    private CompletableFuture<Keys> checkUnsigned(Checked checked) {
        Origin origin = target.origin();
        if (!payer.policy().allowsUnsigned(origin) || checked.price().amount().baseUnits() == 0) {
            return declined(DeclineReason.UNSIGNED, "the challenge is not signed");
        }
        if (!bindsThisOrNothing(checked.challenge())) {
            return declined(DeclineReason.WRONG_BINDING, "the challenge is for another request");
        }
        return payer.keys().ofOwn(origin, null).handle((directory, failure) -> {
            if (directory != null && directory.signedAlways()) {
                throw new CompletionException(new DeclinedException(
                        DeclineReason.UNSIGNED,
                        origin + " says that it always signs, and this challenge is not signed"));
            }
            return Keys.NONE;
        });
    }

    private boolean bindsThisOrNothing(Challenge challenge) {
        if (challenge.opaque() == null) {
            return true;
        }
        try {
            return Opaque.parse(challenge.opaque()).binds(target);
        } catch (MalformedException notOurs) {
            return true;
        }
    }

    private static <T> CompletableFuture<T> declined(DeclineReason why, String words) {
        return CompletableFuture.failedFuture(new DeclinedException(why, words));
    }

    private Checked checkPins(Checked checked, Keys keys) {
        TrustCheck.Trusted trust;
        try {
            trust = new TrustCheck(payer).compare(checked, keys);
        } catch (DeclinedException e) {
            throw new CompletionException(e);
        }
        payer.tell(new PaymentEvent.Checked(
                checked.challenge(),
                checked.proposal(),
                checked.challenge().jws() != null,
                checked.price().service()));
        return checked.with(keys, trust);
    }
}

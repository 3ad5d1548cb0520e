package org.farthing.server.gate;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.binding.ContentDigest;
import org.farthing.protocol.binding.Opaque;
import org.farthing.server.gate.Examined.Plausible;
import org.farthing.server.gate.Examined.Rejected;
import org.farthing.server.gate.Examined.Unpaid;
import org.farthing.server.method.Intent;
import org.farthing.server.method.PaymentMethod;
import org.farthing.server.offer.BindingMode;
import org.farthing.server.offer.CredentialField;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.PricedFacts;
import org.farthing.server.offer.UnpriceableException;
import org.jspecify.annotations.Nullable;

/**
 * The checks that cost nothing (spec/server.md, F-SV-4 to F-SV-7): the field, decoding, the challenge id, then whether the
 * challenge was for this very request. The amount is not compared with today's price list: it is read from the text the id
 * binds, and honoured until the challenge expires (T8, T9).
 */
final class CredentialCheck {

    private static final String OTHER_OFFER = "This payment is for another offer. Pay a fresh challenge.";

    private final Map<String, List<PaymentMethod>> methods;
    private final Supplier<GateKeys> keys;
    private final InstantSource clock;
    private final OtherSchemes others;
    private final KnownRequests requests = new KnownRequests();

    CredentialCheck(List<PaymentMethod> methods, OtherSchemes others, Supplier<GateKeys> keys, InstantSource clock) {
        this.others = others;
        this.methods = methods.stream()
                .collect(Collectors.groupingBy(method -> method.id().text()));
        this.keys = keys;
        this.clock = clock;
    }

    /** The methods this server has, for who asks with another. */
    List<String> methodNames() {
        return methods.keySet().stream().sorted().toList();
    }

    /** The challenge was for something else; the reason is one of F-PR-40. */
    private static final class Mismatch extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient @Nullable String reason;

        Mismatch(@Nullable String reason) {
            super(reason, null, false, false);
            this.reason = reason;
        }
    }

    Examined examine(Inquiry inquiry) {
        CredentialFinder.Found found = CredentialFinder.find(
                inquiry.headers().apply(CredentialField.AUTHORIZATION.fieldName()),
                inquiry.headers().apply(CredentialField.PAYMENT_AUTHORIZATION.fieldName()));
        if (!inquiry.confidential()) {
            return misdirected(inquiry, found);
        }
        if (!IdempotencyKey.isWellFormed(inquiry)) {
            // Before any price, so that nobody signs an order for a request that is refused then.
            String detail = "Send at most one Idempotency-Key of 1 to 128 visible ASCII characters.";
            return new Rejected(inquiry, null, ProblemType.BAD_REQUEST, detail, null, idOf(found));
        }
        PricedFacts priced;
        try {
            priced = inquiry.route().facts(inquiry.target(), inquiry.headers());
        } catch (UnpriceableException e) {
            return new Rejected(inquiry, null, ProblemType.BAD_REQUEST, e.sentence(), null, idOf(found));
        }
        if (found instanceof CredentialFinder.None) {
            Optional<Examined.Other> other = others.find(inquiry, priced);
            return other.isPresent() ? other.get() : new Unpaid(inquiry, priced);
        }
        if (!(found instanceof CredentialFinder.One one)) {
            return new Rejected(
                    inquiry, priced, ProblemType.BAD_REQUEST, "Send exactly one credential in one field.", null, null);
        }
        try {
            return examine(inquiry, priced, one.field(), Credential.parse(one.value()));
        } catch (MalformedException e) {
            return new Rejected(
                    inquiry,
                    priced,
                    ProblemType.MALFORMED_CREDENTIAL,
                    "The credential cannot be decoded. Pay a fresh challenge.",
                    null,
                    null);
        }
    }

    private Examined examine(Inquiry inquiry, PricedFacts priced, CredentialField field, Credential credential) {
        Challenge challenge = credential.challenge();
        List<PaymentMethod> named = methods.get(challenge.method());
        if (named == null) {
            String detail = "This server does not take payments by this method.";
            return new Rejected(inquiry, priced, ProblemType.METHOD_UNSUPPORTED, detail, null, challenge.id());
        }
        if (!keys.get().secrets().verify(challenge, clock.instant())) {
            return invalid(inquiry, priced, challenge, "binding");
        }
        try {
            return plausible(inquiry, priced, field, credential, named);
        } catch (Mismatch e) {
            return invalid(inquiry, priced, challenge, e.reason);
        } catch (MalformedException e) {
            // The id is ours and what it binds is not readable: made by another version, or by another use of the
            // secret.
            return invalid(inquiry, priced, challenge, "binding");
        }
    }

    private Plausible plausible(
            Inquiry inquiry,
            PricedFacts priced,
            CredentialField field,
            Credential credential,
            List<PaymentMethod> named)
            throws Mismatch, MalformedException {
        Challenge challenge = credential.challenge();
        require(CredentialFinder.selectedBy(challenge.header()) == field, "field");
        String origin = inquiry.target().origin().text();
        require(challenge.realm().equals(inquiry.target().origin().realm()), "route");
        require(challenge.intent().equals(Intent.CHARGE.text()), "route");
        PaymentRequest request = requests.parse(challenge.request());
        PaymentMethod method = methodFor(request, named);
        require(origin.equals(request.recipient()), "route");
        Opaque opaque = checkBinding(inquiry, priced, challenge);
        require(opaque.reEntry().isEmpty() || request.amount().equals(Amount.ZERO), "route");
        String digest = challenge.digest();
        ContentDigest expected = digest == null ? null : ContentDigest.parseSlot(digest);
        Offer promised = inquiry.route().promised(request, method.id().text());
        // What cannot give change takes all of it, whatever the offer became since.
        Offer offer = promised.upTo() && !method.covers(promised) ? promised.exactly() : promised;
        return new Plausible(
                inquiry,
                priced,
                credential,
                request,
                challenge.expiresAt(),
                expected,
                method,
                offer,
                opaque,
                credential.fingerprint(),
                false);
    }

    /** The first method of the name that makes such requests; none if it was taken out of the configuration meanwhile. */
    private static PaymentMethod methodFor(PaymentRequest request, List<PaymentMethod> named) throws Mismatch {
        for (PaymentMethod method : named) {
            if (method.intents().contains(Intent.CHARGE) && method.takes(request)) {
                return method;
            }
        }
        throw new Mismatch("route");
    }

    /** The binding mode is the route's, not the credential's: a route challenge opens nothing on an exact route (T4). */
    private static Opaque checkBinding(Inquiry inquiry, PricedFacts priced, Challenge challenge)
            throws Mismatch, MalformedException {
        String slot = challenge.opaque();
        require(slot != null, "binding");
        Opaque opaque = Opaque.parse(slot == null ? "" : slot);
        if (inquiry.route().binding() == BindingMode.EXACT) {
            require(inquiry.target().rb().equals(opaque.rb()), "route");
        } else {
            require(inquiry.route().id().equals(opaque.rt()), "route");
            require(inquiry.target().origin().text().equals(opaque.o()), "route");
        }
        Optional<String> facts = inquiry.route().factsHash(priced);
        require(facts.equals(Optional.ofNullable(opaque.pf())), "route");
        return opaque;
    }

    private static void require(boolean condition, String reason) throws Mismatch {
        if (!condition) {
            throw new Mismatch(reason);
        }
    }

    private static Rejected invalid(Inquiry inquiry, PricedFacts priced, Challenge challenge, @Nullable String reason) {
        return new Rejected(inquiry, priced, ProblemType.INVALID_CHALLENGE, OTHER_OFFER, reason, challenge.id());
    }

    /** Over a line others can read nothing is offered and no credential counts (S39, F-SV-40). */
    private static Rejected misdirected(Inquiry inquiry, CredentialFinder.Found found) {
        return new Rejected(
                inquiry,
                null,
                ProblemType.MISDIRECTED_REQUEST,
                "Payments are taken at " + inquiry.target().origin().text() + " only.",
                null,
                idOf(found));
    }

    /** The credential of these fields, if it is for a challenge this server issued; for what is free now (F-SV-91). */
    Optional<Credential> issued(Function<String, List<String>> headers) {
        CredentialFinder.Found found = CredentialFinder.find(
                headers.apply(CredentialField.AUTHORIZATION.fieldName()),
                headers.apply(CredentialField.PAYMENT_AUTHORIZATION.fieldName()));
        if (!(found instanceof CredentialFinder.One one)) {
            return Optional.empty();
        }
        try {
            Credential credential = Credential.parse(one.value());
            return keys.get().secrets().verify(credential.challenge(), clock.instant())
                    ? Optional.of(credential)
                    : Optional.empty();
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    /** The id that the credential of these fields names, whoever made it. */
    static @Nullable String named(Function<String, List<String>> headers) {
        return idOf(CredentialFinder.find(
                headers.apply(CredentialField.AUTHORIZATION.fieldName()),
                headers.apply(CredentialField.PAYMENT_AUTHORIZATION.fieldName())));
    }

    private static @Nullable String idOf(CredentialFinder.Found found) {
        if (!(found instanceof CredentialFinder.One one)) {
            return null;
        }
        try {
            return Credential.parse(one.value()).challenge().id();
        } catch (MalformedException e) {
            return null;
        }
    }
}

package org.farthing.server.gate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.ContentDigest;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.protocol.internal.Sha256;
import org.farthing.server.gate.Examined.Other;
import org.farthing.server.gate.Examined.Plausible;
import org.farthing.server.method.Intent;
import org.farthing.server.method.OtherScheme;
import org.farthing.server.method.PaymentMethod;
import org.farthing.server.offer.CredentialField;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.PricedFacts;
import org.farthing.server.offer.PricedOffer;
import org.farthing.server.offer.RequestFacts;
import org.farthing.server.offer.Route;
import org.farthing.server.offer.UnpriceableException;

/**
 * Payments by other authentication schemes of HTTP, on routes that allow them (spec/token-payment.md, F-TK-63 to F-TK-68).
 *
 * <p>Their challenge binds nothing, so there is no id to claim: a charge is named after the proof and the very request it came
 * with. The same bytes for the same request meet their own charge; the same proof for another request meets what the method
 * claims beside it.
 */
final class OtherSchemes {

    /** What makes the ids of such charges differ from those of challenges. */
    static final String PREFIX = "pt_";

    private final List<PaymentMethod> methods;
    private final Duration lifetime;

    OtherSchemes(List<PaymentMethod> methods, Duration lifetime) {
        this.methods = methods.stream()
                .filter(method -> method.intents().contains(Intent.CHARGE)
                        && method.otherScheme().isPresent())
                .toList();
        this.lifetime = lifetime;
    }

    /** The challenges of other schemes beside those of {@code Payment}. */
    List<String> challenges(List<Offer> quotes, RequestFacts facts) {
        List<String> challenges = new ArrayList<>();
        for (Offer quote : quotes) {
            for (PaymentMethod method : methods) {
                if (allows(quote, method)) {
                    method.otherScheme()
                            .flatMap(scheme -> scheme.challenge(quote, facts))
                            .ifPresent(challenges::add);
                }
            }
        }
        return challenges;
    }

    private static boolean allows(Offer quote, PaymentMethod method) {
        return quote.otherSchemes() && quote.isFor(method.id().text()) && method.covers(quote);
    }

    /** A credential of another scheme, on a route that allows it; whether it is worth anything has still to be seen. */
    Optional<Other> find(Inquiry inquiry, PricedFacts priced) {
        if (methods.isEmpty() || !isAllowed(inquiry.route())) {
            return Optional.empty();
        }
        List<String> lines = inquiry.headers().apply(CredentialField.AUTHORIZATION.fieldName());
        if (lines.size() != 1) {
            return Optional.empty();
        }
        String value = lines.get(0).strip();
        for (PaymentMethod method : methods) {
            OtherScheme scheme = method.otherScheme().orElseThrow();
            if (isOf(scheme, value)) {
                try {
                    return Optional.of(new Other(inquiry, priced, method, scheme.payload(value)));
                } catch (MalformedException e) {
                    return Optional.of(new Other(inquiry, priced, method, Map.of()));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isAllowed(Route route) {
        return route.offers().stream().map(PricedOffer::offer).anyMatch(Offer::otherSchemes);
    }

    private static boolean isOf(OtherScheme scheme, String value) {
        String name = scheme.name();
        return value.regionMatches(true, 0, name, 0, name.length())
                && value.length() > name.length()
                && value.charAt(name.length()) == ' ';
    }

    /**
     * What it pays for: the offer of this request it was asked for, or the first its method may pay. If there is none any more,
     * it pays nothing, but the same bytes may have paid before and meet their charge (F-RE-3).
     */
    Plausible plausible(Other other, Course course, Instant now) throws UnpriceableException {
        RequestFacts facts = course.facts();
        List<Offer> quotes = course.route().quotes(facts.priced());
        List<Offer> allowed =
                quotes.stream().filter(quote -> allows(quote, other.method())).toList();
        return allowed.stream()
                .filter(quote -> other.method()
                        .otherScheme()
                        .flatMap(scheme -> scheme.challenge(quote, facts))
                        .isPresent())
                .findFirst()
                .or(() -> allowed.stream().findFirst())
                .map(quote -> plausible(other, facts, quote, other.method().offer(quote, facts), now))
                .orElseGet(() -> {
                    Offer first = quotes.get(0).exactly();
                    return plausible(other, facts, first, nothing(first, facts), now);
                });
    }

    /** A request that is none of any method, so that no proof is good for it. */
    private static PaymentRequest nothing(Offer offer, RequestFacts facts) {
        return new PaymentRequest(
                offer.amount(), offer.currency(), facts.origin().text(), null, null, Map.of(), Map.of());
    }

    private Plausible plausible(Other other, RequestFacts facts, Offer quote, PaymentRequest request, Instant now) {
        PaymentMethod method = other.method();
        Instant expires = now.plus(lifetime);
        String hash = hash(other, facts);
        ChallengeTerms terms = new ChallengeTerms(
                facts.origin().realm(),
                method.id().text(),
                Intent.CHARGE.text(),
                request.format(),
                Rfc3339.format(expires),
                null,
                null,
                null);
        Credential credential = Credential.of(new Challenge(PREFIX + hash, terms, null, null), null, other.payload());
        return new Plausible(
                other.inquiry(),
                other.priced(),
                credential,
                request,
                expires,
                facts.digest(),
                method,
                quote,
                null,
                hash,
                true);
    }

    /** Of the proof, and of everything of the request that an answer may depend on. */
    private static String hash(Other other, RequestFacts facts) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("method", other.method().id().text());
        members.put("payload", Sha256.base64url(CanonicalJson.write(other.payload())));
        members.put("rb", facts.target().rb());
        members.put("facts", other.inquiry().route().factsHash(other.priced()).orElse(""));
        ContentDigest digest = facts.digest();
        members.put("digest", digest == null ? "" : digest.format());
        return Sha256.base64url(CanonicalJson.write(members));
    }
}

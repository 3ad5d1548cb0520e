package org.farthing.benchmarks.load;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.token.TokenOffer;

/** Challenges for {@code GET /paid}, as the payee under load would make them, but for their signature. */
final class LoadChallenges {

    static final Amount PRICE = Amount.of(500);
    static final CurrencyId CURRENCY = new CurrencyId("usd.e6");

    private final SecureRandom random = new SecureRandom();
    private final SecretRing ring;
    private final Origin payee;
    private final String method;
    private final Map<String, Object> details;

    private LoadChallenges(LoadKeys keys, Origin payee, String method, Map<String, Object> details) {
        this.ring = keys.ring();
        this.payee = payee;
        this.method = method;
        this.details = details;
    }

    /** To be paid by orders against the payee's own ledger. */
    static LoadChallenges forOrders(LoadKeys keys, Origin payee) {
        return new LoadChallenges(keys, payee, "wallet", Map.of("capture", "exact"));
    }

    /** To be paid by receipt tokens of a wallet service. */
    static LoadChallenges forTokens(LoadKeys keys, Origin payee, Origin service) {
        return new LoadChallenges(keys, payee, "wallet", Map.of("capture", "exact", "providers", service.text()));
    }

    /** To be paid by blind tokens. */
    static LoadChallenges forBlindTokens(LoadKeys keys, Origin payee, TokenOffer offer) {
        return new LoadChallenges(keys, payee, "token", offer.toMethodDetails());
    }

    Challenge next() {
        RequestTarget target = RequestTarget.of("GET", payee, "/paid", null);
        String opaque = Opaque.exact(Opaque.newNonce(random), target.rb()).format();
        String expires =
                Instant.now().plusSeconds(300).truncatedTo(ChronoUnit.SECONDS).toString();
        String request = new PaymentRequest(PRICE, CURRENCY, payee.text(), null, null, details, Map.of()).format();
        ChallengeTerms terms =
                new ChallengeTerms(payee.realm(), method, "charge", request, expires, null, opaque, null);
        return new Challenge(ring.id(terms), terms, null, null);
    }
}

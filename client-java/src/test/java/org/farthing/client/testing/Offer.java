package org.farthing.client.testing;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.PaymentRequest;
import org.jspecify.annotations.Nullable;

/** What a test's challenge says, each part changeable. */
public final class Offer {

    public String id;
    public String realm;
    public String method = "wallet";
    public String intent = "charge";
    public long amount = 2500;
    public String currency = "usd.e6";
    public @Nullable String recipient;
    public String capture = "exact";
    public @Nullable String providers;
    public @Nullable String request;
    public @Nullable String expires;
    public @Nullable String digest;
    public @Nullable String opaque;
    public @Nullable String header;
    public @Nullable String description;

    Offer(String id, String realm, String recipient, Instant expires, String opaque) {
        this.id = id;
        this.realm = realm;
        this.recipient = recipient;
        this.expires = expires.toString();
        this.opaque = opaque;
    }

    Challenge challenge() {
        Map<String, Object> details = new TreeMap<>(Map.of("capture", capture));
        if (providers != null) {
            details.put("providers", providers);
        }
        PaymentRequest asked = new PaymentRequest(
                Amount.of(amount), new CurrencyId(currency), recipient, null, null, details, Map.of());
        ChallengeTerms terms = new ChallengeTerms(
                realm, method, intent, request == null ? asked.format() : request, expires, digest, opaque, header);
        return new Challenge(id, terms, description, null);
    }
}

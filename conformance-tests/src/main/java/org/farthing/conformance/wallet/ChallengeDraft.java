package org.farthing.conformance.wallet;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.internal.Rfc3339;
import org.farthing.protocol.signature.ChallengeSigner;
import org.farthing.protocol.signature.SigningKey;
import org.jspecify.annotations.Nullable;

/** A payee's challenge in the making, right as it begins: a thousandth of a dollar for one GET, payable at the service. */
final class ChallengeDraft {

    /** What it costs unless a case says otherwise, in base units of {@link #CURRENCY}. */
    static final long PRICE = 1000;

    static final String CURRENCY = "usd.e6";

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration LIFE = Duration.ofMinutes(4);

    private final Map<String, Object> details = new TreeMap<>();
    private SigningKey signer;
    private String id = random();
    private String realm;
    private String method = "wallet";
    private String recipient;
    private String amount = Long.toString(PRICE);
    private Instant expires;
    private @Nullable String opaque;

    ChallengeDraft(Shopkeeper payee, Origin service, Instant now) {
        signer = payee.key();
        realm = payee.origin().realm();
        recipient = payee.origin().text();
        expires = now.plus(LIFE);
        details.put("capture", "exact");
        details.put("providers", service.text());
        opaque = Opaque.exact(Opaque.newNonce(RANDOM), rb(payee.origin())).format();
    }

    /** What binds to the one request all drafts are for. */
    static String rb(Origin payee) {
        return RequestTarget.of("GET", payee, "/suite", null).rb();
    }

    private static String random() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Base64Url.encode(bytes);
    }

    ChallengeDraft signer(SigningKey other) {
        signer = other;
        return this;
    }

    ChallengeDraft id(String other) {
        id = other;
        return this;
    }

    ChallengeDraft realm(String other) {
        realm = other;
        return this;
    }

    ChallengeDraft method(String other) {
        method = other;
        return this;
    }

    ChallengeDraft recipient(String other) {
        recipient = other;
        return this;
    }

    ChallengeDraft amount(long other) {
        amount = Long.toString(other);
        return this;
    }

    ChallengeDraft expires(Instant other) {
        expires = other;
        return this;
    }

    ChallengeDraft opaque(@Nullable String other) {
        opaque = other;
        return this;
    }

    ChallengeDraft providers(String other) {
        details.put("providers", other);
        return this;
    }

    /** The challenge, signed. */
    Challenge signed() {
        return ChallengeSigner.sign(signer, unsigned());
    }

    /** The challenge without its signature. */
    Challenge unsigned() {
        String request = Base64Url.encodeUtf8(CanonicalJson.write(
                Map.of("amount", amount, "currency", CURRENCY, "methodDetails", details, "recipient", recipient)));
        ChallengeTerms terms =
                new ChallengeTerms(realm, method, "charge", request, Rfc3339.format(expires), null, opaque, null);
        return new Challenge(id, terms, null, null);
    }
}

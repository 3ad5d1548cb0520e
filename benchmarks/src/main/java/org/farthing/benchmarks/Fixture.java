package org.farthing.benchmarks;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.Credential;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.wallet.PaymentOrder;

/** One purchase, as a server at work would see it: the reference request of the specification with an order. */
final class Fixture {

    static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    static final String EXPIRES = "2026-11-22T10:05:00Z";
    static final Origin ORIGIN = new Origin("https://api.example.com");
    static final RequestTarget TARGET = RequestTarget.of("GET", ORIGIN, "/v1/summaries", "lang=en");

    final SecureRandom random = new SecureRandom();
    final byte[] secret = new byte[32];
    final SecretRing ring;
    final SigningKey payee = SigningKey.generate(Algorithm.ED25519, null, random);
    final SigningKey payer = SigningKey.generate(Algorithm.ED25519, null, random);
    final String request;
    final Challenge challenge;
    final Credential credential;
    final String credentialField;
    final PaymentOrder order;

    Fixture() {
        random.nextBytes(secret);
        ring = SecretRing.builder().current(secret).build();
        request = new PaymentRequest(
                        Amount.of(2500), currency(), ORIGIN.text(), null, null, Map.of("capture", "exact"), Map.of())
                .format();
        ChallengeTerms terms = terms();
        challenge = new Challenge(ring.id(terms), terms, null, null);
        order = order(challenge);
        credential = Credential.of(challenge, null, payload(order));
        credentialField = credential.format();
    }

    /** What a server does for each 402 before the id: nonce, binding, expiry. */
    ChallengeTerms terms() {
        String opaque = Opaque.exact(Opaque.newNonce(random), TARGET.rb()).format();
        return new ChallengeTerms("api.example.com", "wallet", "charge", request, EXPIRES, null, opaque, null);
    }

    /** The bytes the HMAC of the challenge id runs over. */
    byte[] slots() {
        ChallengeTerms t = challenge.terms();
        return String.join("|", t.realm(), t.method(), t.intent(), t.request(), EXPIRES, "", String.valueOf(t.opaque()))
                .getBytes(StandardCharsets.UTF_8);
    }

    private PaymentOrder order(Challenge of) {
        return PaymentOrder.sign(payer, of, ORIGIN, Amount.of(2500), "w_AAAAAAAAAAAAAAAAAAAAAA");
    }

    private static Map<String, Object> payload(PaymentOrder of) {
        try {
            return of.toPayload();
        } catch (MalformedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static CurrencyId currency() {
        try {
            return CurrencyId.parse("usd.e6", "currency");
        } catch (MalformedException e) {
            throw new IllegalStateException(e);
        }
    }
}

package org.farthing.server.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.binding.Opaque;
import org.farthing.protocol.binding.RequestTarget;
import org.farthing.server.method.Authorization.Payable;
import org.farthing.server.method.Authorization.Refused;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.PriceList;
import org.farthing.server.offer.RequestFacts;
import org.farthing.server.offer.Route;
import org.farthing.server.offer.UnpriceableException;
import org.farthing.testing.Requirement;
import org.junit.jupiter.api.Test;

/**
 * What every payment method must do. Extend it for a method of your own: it is part of the test kit.
 *
 * <p>The gate has checked that the challenge is this server's before it asks a method, so ids here are made up.
 */
public abstract class PaymentMethodContract {

    /** For the test of a method. */
    protected PaymentMethodContract() {}

    /** The payee of every offer here. */
    protected static final String PAYEE = "https://api.example.com";

    /**
     * The method under test.
     *
     * @return the method, the same for the whole of one test
     */
    protected abstract PaymentMethod method();

    /**
     * A payload that pays a challenge, by a payer with enough money.
     *
     * @param challenge the challenge
     * @return the credential's payload
     */
    protected abstract Map<String, Object> pay(Challenge challenge);

    /**
     * A payload in the method's form whose proof does not hold.
     *
     * @param challenge the challenge
     * @return the credential's payload
     */
    protected abstract Map<String, Object> forge(Challenge challenge);

    /**
     * Whether a proof is good for any challenge, as cash is: then the ledger finds out that it was used before.
     *
     * @return false unless said otherwise
     */
    protected boolean isBearer() {
        return false;
    }

    @Test
    void id_isStableAndNamesAtLeastOneIntent() {
        assertThat(method().id()).isEqualTo(method().id());
        assertThat(method().intents()).isNotEmpty();
    }

    @Test
    @Requirement({"S17", "F-RQ-1", "F-RQ-2", "F-RQ-3", "T25"})
    void offer_saysWhatTheOfferSaysInCanonicalForm() throws Exception {
        PaymentRequest request = method().offer(offer(), facts());
        assertThat(request.amount()).isEqualTo(offer().amount());
        assertThat(request.currency()).isEqualTo(offer().currency());
        assertThat(request.recipient()).isEqualTo(PAYEE);
        assertThat(PaymentRequest.isCanonical(request.format())).isTrue();
        assertThat(PaymentRequest.parse(request.format())).isEqualTo(request);
    }

    @Test
    @Requirement({"F-SV-7", "T8"})
    void verify_validProof_authorisesWhatWasOffered() {
        Challenge challenge = challenge();
        Authorization authorization = verify(challenge, pay(challenge));
        assertThat(authorization).isInstanceOf(Payable.class);
        Payable payable = (Payable) authorization;
        assertThat(payable.movement().amount()).isEqualTo(offer().amount());
        assertThat(payable.movement().currency()).isEqualTo(offer().currency());
        assertThat(payable.movement().payee()).isEqualTo(PAYEE);
        assertThat(payable.claim().payer()).isNotEmpty();
        assertThat(payable.claim().paymentId()).isNotEmpty();
        assertThat(payable.claim().keyThumbprint()).isNotEmpty();
    }

    @Test
    void verify_sameProofTwice_saysTheSame() {
        Challenge challenge = challenge();
        Map<String, Object> payload = pay(challenge);
        assertThat(verify(challenge, payload)).isEqualTo(verify(challenge, payload));
    }

    @Test
    @Requirement({"T1", "T8"})
    void verify_proofForAnotherChallenge_isRefused() {
        Authorization authorization = verify(challenge(), pay(challenge()));
        if (isBearer()) {
            assertThat(authorization)
                    .isInstanceOfSatisfying(
                            Payable.class,
                            payable -> assertThat(payable.claim().source())
                                    .as("what the ledger uses up")
                                    .isNotNull());
        } else {
            refused(authorization);
        }
    }

    @Test
    @Requirement({"S4", "F-PR-9"})
    void verify_forgedProof_isRefusedWithAShortText() {
        Challenge challenge = challenge();
        Refused refused = refused(verify(challenge, forge(challenge)));
        assertThat(refused.detail()).isNotEmpty().doesNotContain("Exception", "null", "signature");
        assertThat(refused.why().defaultStatus()).isBetween(400, 499);
    }

    @Test
    @Requirement({"F-CR-26", "T24"})
    void verify_payloadThatIsNone_isRefused() {
        refused(verify(challenge(), Map.of()));
        refused(verify(challenge(), Map.of("type", 1L, "a", Map.of("b", "c"))));
        refused(verify(challenge(), Map.of("type", "x".repeat(5_000), "wallet", "", "jws", "..", "token", "")));
    }

    /** What the offers here cost. */
    protected static Offer offer() {
        return Offer.of("0.002usd").routeId("docs").build();
    }

    /** A fresh challenge of the method. */
    protected final Challenge challenge() {
        return challengeOf(offer());
    }

    /** A fresh challenge of the method for another offer. */
    protected final Challenge challengeOf(Offer offer) {
        String opaque = Opaque.exact(
                        Opaque.newNonce(new SecureRandom()), facts().target().rb())
                .format();
        ChallengeTerms terms = new ChallengeTerms(
                "api.example.com",
                method().id().text(),
                Intent.CHARGE.text(),
                method().offer(offer, facts()).format(),
                "2026-11-22T10:05:00Z",
                null,
                opaque,
                null);
        return new Challenge("id-" + opaque.substring(0, 40).hashCode(), terms, null, null);
    }

    /** What the method says about a payload. */
    protected final Authorization verify(Challenge challenge, Map<String, Object> payload) {
        try {
            CompletionStage<Authorization> stage = method().verify(presentation(challenge, payload));
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        } catch (Exception e) {
            throw new AssertionError("a method refuses, it does not fail", e);
        }
    }

    /** A credential as the gate hands it to the method. */
    protected static Presentation presentation(Challenge challenge, Map<String, Object> payload)
            throws MalformedException {
        Credential credential = Credential.parse(
                Credential.of(challenge, null, Map.copyOf(payload)).format());
        return new Presentation(credential, challenge.paymentRequest(), facts());
    }

    private static Refused refused(Authorization authorization) {
        assertThat(authorization).isInstanceOf(Refused.class);
        return (Refused) authorization;
    }

    private static RequestFacts facts() {
        RequestTarget target = RequestTarget.of("GET", PAYEE, "/docs/a", null);
        Route route = PriceList.builder()
                .charge("/docs/*", offer())
                .build()
                .find("GET", "/docs/a")
                .orElseThrow();
        try {
            return new RequestFacts(target, null, route.facts(target, name -> List.of()));
        } catch (UnpriceableException e) {
            throw new AssertionError(e);
        }
    }
}

package org.farthing.conformance.reference;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.PaymentRequest;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Wallet;
import org.farthing.server.method.Authorization;
import org.farthing.server.method.Authorization.Claim;
import org.farthing.server.method.Authorization.Movement;
import org.farthing.server.method.Authorization.Payable;
import org.farthing.server.method.Authorization.Refused;
import org.farthing.server.method.Intent;
import org.farthing.server.method.MethodId;
import org.farthing.server.method.PaymentMethod;
import org.farthing.server.method.Presentation;
import org.farthing.server.offer.Offer;
import org.farthing.server.offer.RequestFacts;

/**
 * A second payment method, so that there is something to choose: whoever knows the house's coupon secret pays from the house's
 * wallet. The payload is {@code {"code": …}}, the HMAC-SHA256 of the challenge's id under the secret, in
 * base64url (specification: conformance.md, F-CO-58).
 */
final class CouponMethod implements PaymentMethod {

    private static final String HMAC = "HmacSHA256";
    private static final Refused WRONG = new Refused(ProblemType.VERIFICATION_FAILED, "The coupon does not pay this.");

    private final Ledger ledger;
    private final ReferenceWallet house;
    private final SecretKeySpec secret;

    CouponMethod(Ledger ledger, ReferenceWallet house, String secret) {
        this.ledger = ledger;
        this.house = house;
        this.secret = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC);
    }

    @Override
    public MethodId id() {
        return new MethodId("coupon");
    }

    @Override
    public Set<Intent> intents() {
        return Set.of(Intent.CHARGE);
    }

    @Override
    public PaymentRequest offer(Offer offer, RequestFacts facts) {
        return new PaymentRequest(
                offer.amount(), offer.currency(), facts.origin().text(), null, null, Map.of(), Map.of());
    }

    @Override
    public CompletionStage<Authorization> verify(Presentation presentation) {
        Challenge challenge = presentation.credential().challenge();
        if (!(presentation.credential().payload().get("code") instanceof String code)
                || !isRight(code, challenge.id())) {
            return CompletableFuture.completedFuture(WRONG);
        }
        PaymentRequest request = presentation.request();
        Movement movement = new Movement(
                request.amount(),
                request.currency(),
                presentation.facts().origin().text());
        return ledger.wallet(house.id())
                .thenApply(found -> found.map(Wallet::version)
                        .<Authorization>map(version -> new Payable(
                                new Claim(
                                        challenge.id(),
                                        house.id(),
                                        house.key().publicKey().thumbprint(),
                                        version),
                                movement))
                        .orElse(WRONG));
    }

    private boolean isRight(String code, String challengeId) {
        return MessageDigest.isEqual(
                code.getBytes(StandardCharsets.UTF_8), code(challengeId).getBytes(StandardCharsets.UTF_8));
    }

    /** The code that pays a challenge. */
    String code(String challengeId) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(secret);
            return Base64Url.encode(mac.doFinal(challengeId.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /** The method, and no secret. */
    @Override
    public String toString() {
        return "CouponMethod[" + house.id() + "]";
    }
}

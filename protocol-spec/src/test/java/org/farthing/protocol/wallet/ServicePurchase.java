package org.farthing.protocol.wallet;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.ChallengeTerms;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.internal.CanonicalJson;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.ChallengeSigner;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.testing.ReferenceVector;

/** One purchase through a wallet service, with everything the three parties sign in it. */
final class ServicePurchase {

    static final Origin SERVICE = new Origin("https://wallet.example");
    static final Instant NOW = ReferenceVector.NOW;
    static final String TOKEN_ID = "AAECAwQFBgcICQoLDA0ODw";
    static final SigningKey PAYEE_KEY = ReferenceVector.KEY;
    static final SigningKey WALLET_KEY = SigningKey.generate(Algorithm.ED25519, null, new SecureRandom());
    static final SigningKey SERVICE_KEY =
            SigningKey.generate(Algorithm.ED25519, "svc-1", new SecureRandom()).withRoles(Set.of(Role.RECEIPT_TOKEN));
    static final String WALLET = WalletId.of(WALLET_KEY.publicKey());
    static final KeyDirectory PAYEE = ReferenceVector.DIRECTORY;
    static final KeyDirectory ISSUER = KeyDirectory.of(SERVICE, List.of(SERVICE_KEY.publicKey()));
    static final Challenge CHALLENGE =
            signed(request("exact", "https://pay.example.org https://wallet.example"), ReferenceVector.CHALLENGE.id());
    static final PaymentOrder ORDER = order(CHALLENGE);

    private ServicePurchase() {}

    static String request(String capture, String providers) {
        return Base64Url.encodeUtf8(CanonicalJson.write(requestMembers(capture, providers)));
    }

    static Map<String, Object> requestMembers(String capture, String providers) {
        return new HashMap<>(Map.of(
                "amount",
                "2500",
                "currency",
                "usd.e6",
                "methodDetails",
                Map.of("capture", capture, "providers", providers),
                "recipient",
                ReferenceVector.ORIGIN.text()));
    }

    static Challenge signed(String request, String id) {
        ChallengeTerms t = ReferenceVector.CHALLENGE.terms();
        return signed(
                id,
                new ChallengeTerms(
                        t.realm(), "wallet", "charge", request, t.expires(), t.digest(), t.opaque(), t.header()));
    }

    static Challenge signed(String id, ChallengeTerms terms) {
        return ChallengeSigner.sign(PAYEE_KEY, new Challenge(id, terms, null, null));
    }

    static PaymentOrder order(Challenge challenge) {
        return PaymentOrder.sign(WALLET_KEY, challenge, SERVICE, Amount.of(2500), WALLET);
    }

    static ReceiptClaims claims() throws MalformedException {
        return ReceiptClaims.forChallenge(CHALLENGE, SERVICE, TOKEN_ID, NOW, ReceiptClaims.DEFAULT_HOLD);
    }

    static ServicePayment payment(ServicePayment.State state, long captured, long refunded) {
        return new ServicePayment(
                Amount.of(2500),
                Amount.of(captured),
                CHALLENGE.id(),
                new CurrencyId("usd.e6"),
                NOW.plusSeconds(300),
                NOW.plusSeconds(3900),
                NOW,
                ReferenceVector.ORIGIN.text(),
                Amount.of(refunded),
                state,
                TOKEN_ID,
                WALLET);
    }
}

package org.farthing.server.jetty;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PrivateTokenScheme;
import org.farthing.protocol.token.TokenPayload;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.Issuance;
import org.farthing.server.ledger.IssuedMessage;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.StoredOutcome;
import org.farthing.server.ledger.TokenKeyTerms;
import org.farthing.server.ledger.TopUp;
import org.farthing.server.ledger.WalletKey;
import org.farthing.server.ledger.WalletRegistration;
import org.farthing.server.token.TestIssuer;

/** What somebody with tokens does at a paywall, in raw fields. */
final class TokenTill {

    static final Origin SHOP = new Origin(Paywall.ORIGIN);

    /** How many tokens of each key are out. */
    private static final int SOLD = 150;

    private static final SecureRandom RANDOM = new SecureRandom();

    private TokenTill() {}

    /** Lets a ledger know the issuer's keys, and that somebody bought some tokens of each. */
    static void openKeys(Ledger ledger, TestIssuer issuer) {
        List<IssuedMessage> messages = new ArrayList<>();
        long sum = 0;
        for (TokenKeyTerms terms : issuer.terms()) {
            Paywall.await(ledger.tokens().openKey(terms));
            for (int i = 0; i < SOLD; i++) {
                messages.add(new IssuedMessage(terms.keyId(), random16()));
                sum += terms.value();
            }
        }
        Payer buyer = Payer.with(SigningKey.generate(Algorithm.ED25519, null, RANDOM));
        String thumbprint = buyer.key().publicKey().thumbprint();
        Paywall.await(ledger.register(new WalletRegistration(buyer.wallet(), new WalletKey(thumbprint, thumbprint))));
        Paywall.await(ledger.topUp(new TopUp(buyer.wallet(), TestIssuer.CURRENCY.text(), sum, "top-up")));
        ChargeTerms terms = new ChargeTerms(
                "purchase",
                thumbprint,
                "purchase",
                buyer.wallet(),
                TestIssuer.ORIGIN.text(),
                "token-purchase",
                "wallet",
                TestIssuer.CURRENCY.text(),
                sum,
                issuer.start().plusSeconds(300),
                false);
        HoldRequest request = new HoldRequest(terms, thumbprint, 1, Duration.ofSeconds(30), null);
        HoldRef ref = ((Reserved.Held) Paywall.await(ledger.reserve(request))).ref();
        Paywall.await(ledger.capture(
                ref, sum, StoredOutcome.withoutBody(200, null), new Issuance(TestIssuer.ORIGIN.text(), messages)));
    }

    private static byte[] random16() {
        byte[] some = new byte[16];
        RANDOM.nextBytes(some);
        return some;
    }

    /** All challenges of a 402, of the scheme {@code Payment}. */
    static List<Challenge> challenges(HttpTester.Response demand) {
        return Challenge.parseAll(demand.getValuesList("WWW-Authenticate")).challenges();
    }

    /** The challenge of a 402 that tokens pay. */
    static Challenge challenge(HttpTester.Response demand) {
        List<Challenge> found = new ArrayList<>(challenges(demand));
        found.removeIf(challenge -> !challenge.method().equals("token"));
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " challenges for tokens in " + demand);
        }
        return found.get(0);
    }

    /** The field that pays the challenge of a 402 with tokens. */
    static String pay(HttpTester.Response demand, List<BlindToken> tokens) {
        return pay(challenge(demand), tokens);
    }

    static String pay(Challenge challenge, List<BlindToken> tokens) {
        return "Authorization: "
                + Credential.of(challenge, null, TokenPayload.toPayload(tokens)).format();
    }

    /** The field that pays as a client of RFC 9577 does. */
    static String plain(BlindToken token) {
        return "Authorization: " + PrivateTokenScheme.format(token);
    }

    static Problem problem(HttpTester.Response answer) {
        try {
            return Problem.parse(answer.getContentBytes());
        } catch (MalformedException e) {
            throw new AssertionError(answer.getContent(), e);
        }
    }
}

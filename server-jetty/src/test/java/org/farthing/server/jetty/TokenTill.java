package org.farthing.server.jetty;

import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpTester;
import org.farthing.protocol.Challenge;
import org.farthing.protocol.Credential;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Problem;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PrivateTokenScheme;
import org.farthing.protocol.token.TokenPayload;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.TokenKeyTerms;
import org.farthing.server.token.TestIssuer;

/** What somebody with tokens does at a paywall, in raw fields. */
final class TokenTill {

    static final Origin SHOP = new Origin(Paywall.ORIGIN);

    private TokenTill() {}

    /** Lets a ledger know the issuer's keys. */
    static void openKeys(Ledger ledger, TestIssuer issuer) {
        for (TokenKeyTerms terms : issuer.terms()) {
            Paywall.await(ledger.tokens().openKey(terms));
        }
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

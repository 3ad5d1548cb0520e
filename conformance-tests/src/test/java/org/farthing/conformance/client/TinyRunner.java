package org.farthing.conformance.client;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;
import org.farthing.protocol.internal.Base64Url;
import org.farthing.protocol.signature.Algorithm;
import org.farthing.protocol.signature.SigningKey;

/** Sends a {@link TinyPayer} on errands, in this process: a new one for each, and one that keeps its budget. */
final class TinyRunner implements Runner {

    private static final SigningKey KEY = SigningKey.generate(Algorithm.ED25519, null, new SecureRandom());
    private static final String BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final String DID = did();

    private final Set<Flaw> flaws;
    private final InstantSource clock;
    private final TinyPins pins;
    private final TinyPayer thrifty;
    private final TinyTokens tokens;

    TinyRunner(Set<Flaw> flaws, InstantSource clock) {
        this.flaws = flaws;
        this.clock = clock;
        this.pins = new TinyPins(flaws);
        this.thrifty = payer("0.025usd");
        this.tokens = new TinyTokens(flaws, KEY, DID, clock);
    }

    private TinyPayer payer(String budget) {
        try {
            return new TinyPayer(flaws, KEY, DID, Money.parse("0.02usd"), Money.parse(budget), pins, clock);
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    private static String did() {
        try {
            byte[] point =
                    Base64Url.decode(String.valueOf(KEY.publicKey().toJwk().get("x")), "x");
            byte[] tagged = new byte[point.length + 2];
            tagged[0] = (byte) 0xed;
            tagged[1] = 1;
            System.arraycopy(point, 0, tagged, 2, point.length);
            StringBuilder digits = new StringBuilder();
            BigInteger base = BigInteger.valueOf(58);
            for (BigInteger rest = new BigInteger(1, tagged); rest.signum() > 0; rest = rest.divide(base)) {
                digits.insert(0, BASE58.charAt(rest.mod(base).intValue()));
            }
            return "did:key:z" + digits;
        } catch (MalformedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public boolean knows(String kind) {
        return true;
    }

    @Override
    public Ran run(Errand errand) {
        if (Set.of(Errand.BUY, Errand.TOKENS).contains(errand.kind())) {
            return new Ran("tiny " + errand, tokens.run(errand), "", "");
        }
        TinyPayer payer = errand.kind().equals(Budgets.KIND) ? thrifty : payer("1000000000000000usd");
        String method = errand.kind().equals(Errand.POST) ? "POST" : "GET";
        int exit = payer.run(method, errand.url(), errand.body(), List.of());
        return new Ran("tiny " + errand, exit, payer.output(), "");
    }
}

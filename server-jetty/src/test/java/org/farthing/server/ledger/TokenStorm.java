package org.farthing.server.ledger;

import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.VALID;
import static org.farthing.server.ledger.kit.Payments.await;

import java.util.List;
import org.farthing.server.ledger.kit.Payments;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.server.ledger.kit.Tokens;

/** Buys, exchanges, spends and redeems tokens on four threads without end, and says what the ledger has acknowledged. */
final class TokenStorm {

    private TokenStorm() {}

    static void run(Ledger ledger, TestClock clock) {
        for (long value : List.of(1L, 2L)) {
            await(ledger.tokens().openKey(Tokens.mine(value)));
        }
        for (int thread = 0; thread < 4; thread++) {
            String prefix = "t" + thread + "-";
            new Thread(() -> {
                        for (int i = 0; ; i++) {
                            round(ledger, clock, prefix + i);
                        }
                    })
                    .start();
        }
    }

    private static void round(Ledger ledger, TestClock clock, String name) {
        Reserved.Held held = (Reserved.Held) await(ledger.reserve(new Payments(clock).hold("p" + name, 3)));
        await(ledger.capture(held.ref(), 3, ANSWER, new Issuance(Tokens.ISSUER, bought(name))));
        System.out.println("bought " + name);
        await(ledger.tokens().swap(swap(name)));
        System.out.println("swapped " + name);
        Reserved.Held paid = (Reserved.Held) await(ledger.reserve(payment(name, clock)));
        await(ledger.capture(paid.ref(), 1, ANSWER));
        System.out.println("paid " + name);
        await(ledger.tokens()
                .redeem(Tokens.ISSUER, "https://shop.example", List.of(Tokens.token(1, "redeemed " + name))));
        System.out.println("redeemed " + name);
    }

    static List<IssuedMessage> bought(String name) {
        return List.of(Tokens.message(1, name), Tokens.message(2, name));
    }

    static SwapRequest swap(String name) {
        return new SwapRequest(
                Tokens.ISSUER,
                "s" + name,
                List.of(Tokens.token(2, name)),
                List.of(Tokens.message(1, "one " + name), Tokens.message(1, "two " + name)));
    }

    static HoldRequest payment(String name, TestClock clock) {
        String id = "c" + name;
        ChargeTerms terms = new ChargeTerms(
                id,
                "hash-" + id,
                id,
                id,
                PAYEE,
                "docs",
                "token",
                USD,
                1,
                clock.instant().plus(VALID),
                true);
        List<UsedToken> tokens = List.of(Tokens.token(1, name));
        return new HoldRequest(terms, "none", 0, HOLD, null, new TokenPayment(Tokens.ISSUER, tokens, 1, null, null));
    }
}

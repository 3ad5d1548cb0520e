package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.VALID;
import static org.farthing.server.ledger.kit.Payments.await;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.farthing.server.ledger.ChargeTerms;
import org.farthing.server.ledger.HoldRef;
import org.farthing.server.ledger.HoldRequest;
import org.farthing.server.ledger.Issuance;
import org.farthing.server.ledger.IssuedMessage;
import org.farthing.server.ledger.KeyResult;
import org.farthing.server.ledger.RefundRequest;
import org.farthing.server.ledger.RefundResult;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.Solvency;
import org.farthing.server.ledger.SwapRequest;
import org.farthing.server.ledger.SwapResult;
import org.farthing.server.ledger.TokenBooks;
import org.farthing.server.ledger.TokenPayment;
import org.farthing.server.ledger.Transition;
import org.farthing.server.ledger.UsedToken;
import org.junit.jupiter.api.BeforeEach;

/** What the contracts of bearer tokens share: an issuer with three keys, whose tokens are worth 1, 2 and 4. */
public abstract class TokenKit extends LedgerKit {

    /** For the store's own test. */
    protected TokenKit() {}

    @BeforeEach
    final void openKeys() {
        for (long value : Tokens.VALUES) {
            assertThat(await(tokens().openKey(Tokens.mine(value)))).isInstanceOf(KeyResult.Open.class);
            assertThat(await(tokens().openKey(Tokens.remote(value)))).isInstanceOf(KeyResult.Open.class);
        }
    }

    protected final TokenBooks tokens() {
        return ledger().tokens();
    }

    /** Sells tokens of these values; each message is named by the challenge and its place. */
    protected final Transition buy(String challengeId, long... values) {
        long sum = Arrays.stream(values).sum();
        HoldRef ref = ((Reserved.Held) await(ledger().reserve(payments.hold(challengeId, sum)))).ref();
        return await(ledger().capture(ref, sum, ANSWER, new Issuance(Tokens.ISSUER, messages(challengeId, values))));
    }

    protected static List<IssuedMessage> messages(String name, long... values) {
        return IntStream.range(0, values.length)
                .mapToObj(i -> Tokens.message(values[i], name + "#" + i))
                .toList();
    }

    protected final ChargeTerms terms(String challengeId, long amount) {
        return new ChargeTerms(
                challengeId,
                "hash-" + challengeId,
                challengeId,
                challengeId,
                PAYEE,
                "docs",
                "token",
                USD,
                amount,
                clock.instant().plus(VALID),
                true);
    }

    protected final HoldRequest paid(String challengeId, long amount, UsedToken... tokens) {
        List<UsedToken> all = List.of(tokens);
        TokenPayment payment = new TokenPayment(Tokens.ISSUER, all, Tokens.worth(all), null, null);
        return new HoldRequest(terms(challengeId, amount), "none", 0, HOLD, null, payment);
    }

    protected final HoldRequest paidRemotely(String challengeId, long amount, long limit, UsedToken... tokens) {
        List<UsedToken> all = List.of(tokens);
        List<byte[]> upload = all.stream().map(Tokens::bytes).toList();
        TokenPayment payment = new TokenPayment(Tokens.REMOTE, all, Tokens.worth(all), limit, upload);
        return new HoldRequest(terms(challengeId, amount), "none", 0, HOLD, null, payment);
    }

    protected final HoldRef hold(HoldRequest request) {
        Reserved reserved = await(ledger().reserve(request));
        assertThat(reserved).isInstanceOf(Reserved.Held.class);
        return ((Reserved.Held) reserved).ref();
    }

    protected final void pay(HoldRequest request) {
        assertThat(await(ledger().capture(hold(request), request.terms().amount(), ANSWER)))
                .isInstanceOf(Transition.Done.class);
    }

    protected final RefundResult refund(String challengeId, long amount, String key) {
        return await(ledger().refund(new RefundRequest(challengeId, amount, key, "goodwill")));
    }

    protected final SwapResult swap(String owner, List<UsedToken> in, List<IssuedMessage> out) {
        return await(tokens().swap(new SwapRequest(Tokens.ISSUER, owner, in, out)));
    }

    /** What payees and holders of tokens have, and what Alice has left of her thousand. */
    protected final List<Long> money() {
        return List.of(totals().payees(), totals().tokens(), account().available());
    }

    protected final Solvency solvency(long value) {
        String key = Tokens.mine(value).keyId();
        return await(tokens().solvency()).stream()
                .filter(line -> line.keyId().equals(key))
                .findFirst()
                .orElseThrow();
    }
}

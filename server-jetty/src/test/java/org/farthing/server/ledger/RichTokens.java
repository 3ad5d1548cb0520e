package org.farthing.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ANSWER;
import static org.farthing.server.ledger.kit.Payments.HOLD;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.USD;
import static org.farthing.server.ledger.kit.Payments.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.farthing.server.ledger.kit.Payments;
import org.farthing.server.ledger.kit.TestClock;
import org.farthing.server.ledger.kit.Tokens;
import org.jspecify.annotations.Nullable;

/** Books with every kind of act with tokens, of an issuer here and of a remote one. */
final class RichTokens {

    private static final String MINE = "rich-mine";
    private static final String FAR = "rich-far";
    private static final long WORTH = 5;

    private final Ledger ledger;
    private final TestClock clock;

    RichTokens(Ledger ledger, TestClock clock) {
        this.ledger = ledger;
        this.clock = clock;
    }

    void write() {
        open(MINE, Tokens.ISSUER, true);
        open(FAR, Tokens.REMOTE, false);
        buy("t-bought", 6);
        hold(mine("t-held", "a"));
        pay(mine("t-refunded", "c"));
        assertThat(await(ledger.refund(new RefundRequest("t-refunded", WORTH, "r1", "goodwill"))))
                .isInstanceOf(RefundResult.Refunded.class);
        await(ledger.tokens().refundTokens("t-refunded", "hash-t-refunded", messages("handed-out", 1)));
        await(ledger.release(hold(mine("t-released", "d")), ReleaseReason.WAIVED, Execution.NO));
        await(ledger.tokens()
                .swap(new SwapRequest(Tokens.ISSUER, "t-swap", List.of(token("e"), token("f")), messages("new", 2))));
        await(ledger.tokens().redeem(Tokens.ISSUER, "https://shop.example", List.of(token("g"))));
        await(ledger.tokens().claimForSwap(Tokens.REMOTE, "t-forward", List.of(far("h"))));
        remote();
    }

    private void remote() {
        pay(far("x-off", "i"));
        refuse();
        long seq = await(ledger.tokens().uploadItems(TokenUpload.State.FAILED, 0, 1))
                .get(0)
                .seq();
        assertThat(await(ledger.tokens().uploads().writeOff(seq, "the issuer is gone")))
                .isTrue();
        hold(far("x-held", "l"));
        pay(far("x-waiting", "m"));
        await(ledger.chargeUpfront(far("x-pending", "n")));
        HoldRef gone = ((Reserved.Held) await(ledger.chargeUpfront(far("x-undelivered", "o")))).ref();
        await(ledger.refundUndelivered(gone, ReleaseReason.UNDELIVERED, Execution.YES));
    }

    private void refuse() {
        List<UploadAnswer> answers = await(ledger.tokens().uploads().due(10, Duration.ofSeconds(20))).stream()
                .map(upload -> new UploadAnswer(upload.seq(), false, "spent"))
                .toList();
        assertThat(await(ledger.tokens().uploads().done(answers))).isEqualTo(1);
    }

    private void open(String name, String issuer, boolean mine) {
        Instant now = clock.instant();
        assertThat(await(ledger.tokens().openKey(Tokens.terms(name, issuer, mine, WORTH, now))))
                .isInstanceOf(KeyResult.Open.class);
    }

    private void buy(String id, int tokens) {
        HoldRef ref = hold(new Payments(clock).hold(id, tokens * WORTH));
        Issuance issuance = new Issuance(Tokens.ISSUER, messages(id, tokens));
        assertThat(await(ledger.capture(ref, tokens * WORTH, ANSWER, issuance))).isInstanceOf(Transition.Done.class);
    }

    private static List<IssuedMessage> messages(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new IssuedMessage(
                        Tokens.keyId(MINE), Tokens.message(1, name + i).message()))
                .toList();
    }

    private static UsedToken token(String name) {
        return Tokens.of(MINE, name);
    }

    private static UsedToken far(String name) {
        return Tokens.of(FAR, name);
    }

    private HoldRequest mine(String id, String token) {
        return request(id, new TokenPayment(Tokens.ISSUER, List.of(token(token)), WORTH, null, null));
    }

    private HoldRequest far(String id, String token) {
        byte[] bytes = {1, 2, 3};
        return request(id, new TokenPayment(Tokens.REMOTE, List.of(far(token)), WORTH, 1000L, List.of(bytes)));
    }

    private HoldRequest request(String id, @Nullable Source source) {
        Instant expires = clock.instant().plus(Payments.VALID);
        ChargeTerms terms =
                new ChargeTerms(id, "hash-" + id, id, id, PAYEE, "docs", "token", USD, WORTH, expires, true);
        return new HoldRequest(terms, "none", 0, HOLD, null, source);
    }

    private HoldRef hold(HoldRequest request) {
        return ((Reserved.Held) await(ledger.reserve(request))).ref();
    }

    private void pay(HoldRequest request) {
        assertThat(await(ledger.capture(hold(request), WORTH, ANSWER))).isInstanceOf(Transition.Done.class);
    }
}

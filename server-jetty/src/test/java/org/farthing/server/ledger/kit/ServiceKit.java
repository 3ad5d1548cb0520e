package org.farthing.server.ledger.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.farthing.server.ledger.kit.Payments.ALICE;
import static org.farthing.server.ledger.kit.Payments.PAYEE;
import static org.farthing.server.ledger.kit.Payments.await;

import java.util.List;
import org.farthing.server.ledger.LedgerOptions;
import org.farthing.server.ledger.PaymentHold;
import org.farthing.server.ledger.PaymentRefund;
import org.farthing.server.ledger.Reserved;
import org.farthing.server.ledger.SettleItem;
import org.farthing.server.ledger.SettleResult;
import org.farthing.server.ledger.SettleResult.Outcome;
import org.farthing.server.ledger.Vouched;
import org.farthing.server.ledger.VouchedPayment;
import org.jspecify.annotations.Nullable;

/** What the contracts of a wallet service's ledger share. */
public abstract class ServiceKit extends LedgerKit {

    /** For the store's own test. */
    protected ServiceKit() {}

    protected static final String SHOP = "https://shop.example";
    protected static final String BOB = "w_bob";

    @Override
    protected LedgerOptions.Builder with(LedgerOptions.Builder options) {
        return super.with(options).maxHolds(20).releasesPerMinute(100);
    }

    protected final PaymentHold hold(String challengeId, long amount) {
        PaymentHold request = payments.vouched(ALICE, PAYEE, challengeId, amount);
        assertThat(await(ledger().payments().hold(request))).isInstanceOf(Vouched.Held.class);
        return request;
    }

    /** The same payment, asked for by another wallet, order or token. */
    protected static PaymentHold another(PaymentHold request, String wallet, String orderHash, String tokenId) {
        return new PaymentHold(
                wallet,
                "key-of-" + wallet,
                1,
                request.recipient(),
                request.challengeId(),
                orderHash,
                tokenId,
                "the token " + tokenId,
                request.currency(),
                request.amount(),
                request.expires(),
                request.holdExpires(),
                request.rb());
    }

    protected final Reserved refusal(PaymentHold request) {
        return ((Vouched.Refused) await(ledger().payments().hold(request))).why();
    }

    protected final VouchedPayment find(String challengeId) {
        List<VouchedPayment> found = await(ledger().payments().find(ALICE, challengeId));
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    protected final SettleResult settle(SettleItem item) {
        return await(ledger().payments().settle(PAYEE, List.of(item))).get(0);
    }

    protected static SettleItem capture(PaymentHold request, long amount) {
        return new SettleItem(request.tokenId(), amount, request.rb());
    }

    protected static SettleItem release(PaymentHold request) {
        return new SettleItem(request.tokenId(), null, request.rb());
    }

    protected static SettleResult result(PaymentHold request, Outcome outcome, @Nullable Long captured) {
        return new SettleResult(request.tokenId(), outcome, captured);
    }

    protected final PaymentRefund refund(PaymentHold request, long amount, String key) {
        return await(ledger().payments().refund(PAYEE, request.tokenId(), amount, key, "goodwill"));
    }
}

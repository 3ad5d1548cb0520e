package org.farthing.server.jetty;

import java.time.temporal.ChronoUnit;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.wallet.CaptureResults;
import org.farthing.protocol.wallet.PaymentsPage;
import org.farthing.protocol.wallet.ServicePayment;
import org.farthing.server.ledger.PaymentSlice;
import org.farthing.server.ledger.SettleResult;
import org.farthing.server.ledger.VouchedPayment;

/** What the ledger says of payments, in the words of the wire (specification: wallet-service.md, F-WS-5 and F-WS-12). */
final class PaymentJson {

    private PaymentJson() {}

    /** A payment, as its payer sees it. */
    static ServicePayment payment(VouchedPayment payment) {
        return new ServicePayment(
                Amount.of(payment.amount()),
                Amount.of(payment.captured()),
                payment.challengeId(),
                new CurrencyId(payment.currency()),
                payment.expires().truncatedTo(ChronoUnit.SECONDS),
                payment.holdExpires().truncatedTo(ChronoUnit.SECONDS),
                payment.issued().truncatedTo(ChronoUnit.SECONDS),
                payment.recipient(),
                Amount.of(payment.refunded()),
                ServicePayment.State.valueOf(payment.state().name()),
                payment.tokenId(),
                payment.wallet());
    }

    static PaymentsPage page(PaymentSlice slice) {
        Long next = slice.next();
        return new PaymentsPage(
                next == null ? null : Long.toString(next),
                slice.payments().stream()
                        .map(payment -> payment(payment).withoutWallet())
                        .toList());
    }

    static CaptureResults.Result result(SettleResult result) {
        CaptureResults.Outcome outcome =
                CaptureResults.Outcome.valueOf(result.outcome().name());
        Long captured = result.captured();
        boolean told = outcome.isCaptured() || outcome == CaptureResults.Outcome.CONFLICT;
        return new CaptureResults.Result(
                result.tokenId(), outcome, captured == null || !told ? null : Amount.of(captured));
    }
}

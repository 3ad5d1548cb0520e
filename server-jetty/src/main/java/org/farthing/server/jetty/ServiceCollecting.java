package org.farthing.server.jetty;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.server.Request;
import org.farthing.protocol.Amount;
import org.farthing.protocol.Problem;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.wallet.CaptureBatch;
import org.farthing.protocol.wallet.CaptureResults;
import org.farthing.protocol.wallet.RefundOrder;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.PaymentRefund;
import org.farthing.server.ledger.SettleItem;
import org.farthing.server.ledger.VouchedPayment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What payees ask of a wallet service: to collect, to give back, to list (specification: wallet-service.md, F-WS-11 to F-WS-14
 * and F-WS-40 to F-WS-44). A payee reaches its own payments only; those of others are unknown to it.
 * A frozen payee still does all of this.
 */
final class ServiceCollecting {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceCollecting.class);

    private static final int CONFLICT = 409;
    private static final String NO_REASON = "refund";

    private final Ledger ledger;
    private final WalletCallers callers;
    private final PayeeRegistry payees;

    ServiceCollecting(Ledger ledger, WalletCallers callers, PayeeRegistry payees) {
        this.ledger = ledger;
        this.callers = callers;
        this.payees = payees;
    }

    CompletionStage<JsonReply> settle(Request request, byte[] body) {
        return callers.payee(payees, request, body).thenCompose(payee -> {
            CaptureBatch batch = WalletBodies.read(body, CaptureBatch::parse);
            List<SettleItem> items =
                    batch.items().stream().map(ServiceCollecting::item).toList();
            return ledger.payments().settle(payee.payee().origin(), items).thenApply(results -> {
                results.forEach(result -> LOG.info(
                        "Payment with token {} of payee {}: {}, request {}",
                        result.tokenId(),
                        payee.payee().origin(),
                        result.outcome(),
                        RequestId.of(request)));
                return new JsonReply(
                        200,
                        new CaptureResults(results.stream()
                                        .map(PaymentJson::result)
                                        .toList())
                                .format());
            });
        });
    }

    private static SettleItem item(CaptureBatch.Item item) {
        Amount amount = item.amount();
        return new SettleItem(item.tokenId(), amount == null ? null : amount.baseUnits(), item.rb());
    }

    CompletionStage<JsonReply> payments(Request request, byte[] body) {
        return callers.payee(payees, request, body).thenCompose(payee -> {
            StatementPage page = StatementPage.of(request.getHttpURI().getQuery());
            return ledger.payments()
                    .list(payee.payee().origin(), page.cursor(), page.limit())
                    .thenApply(
                            slice -> new JsonReply(200, PaymentJson.page(slice).format()));
        });
    }

    CompletionStage<JsonReply> refund(Request request, byte[] body) {
        return callers.payee(payees, request, body).thenCompose(payee -> {
            RefundOrder order = WalletBodies.read(body, RefundOrder::parse);
            String reason = order.reason();
            return ledger.payments()
                    .refund(
                            payee.payee().origin(),
                            order.tokenId(),
                            order.amount().baseUnits(),
                            order.idempotencyKey(),
                            reason == null ? NO_REASON : reason)
                    .thenCompose(result -> refunded(result, request));
        });
    }

    private static CompletionStage<JsonReply> refunded(PaymentRefund result, Request request) {
        if (result instanceof PaymentRefund.Refunded refunded) {
            VouchedPayment payment = refunded.payment();
            LOG.info(
                    "Payment {} of {} refunded, {} of {} {} in all, request {}",
                    payment.challengeId(),
                    payment.recipient(),
                    payment.refunded(),
                    payment.captured(),
                    payment.currency(),
                    RequestId.of(request));
            return shown(payment);
        }
        if (result instanceof PaymentRefund.Repeated repeated) {
            return shown(repeated.payment());
        }
        if (result instanceof PaymentRefund.NotCaptured open) {
            throw notCaptured(open.payment());
        }
        if (result instanceof PaymentRefund.TooMuch) {
            throw new Refusal(Problem.of(
                    ProblemType.BAD_REQUEST, "This is more than what was collected and not refunded; nothing moved."));
        }
        if (result instanceof PaymentRefund.KeyConflict) {
            throw new Refusal(Problem.of(
                    ProblemType.IDEMPOTENCY_CONFLICT,
                    "This idempotencyKey was used for another amount; nothing moved."));
        }
        throw new Refusal(Problem.of(ProblemType.NOT_FOUND, "There is no such payment."));
    }

    private static Refusal notCaptured(VouchedPayment payment) {
        return payment.state() == VouchedPayment.State.HELD
                ? Refusal.waitFirst(
                        ProblemType.REQUEST_IN_PROGRESS,
                        "This payment is not collected yet: collect or release it first.",
                        Duration.ofSeconds(1))
                : new Refusal(Problem.of(ProblemType.PAYMENT_RELEASED, "This payment went back to its payer.")
                        .withStatus(CONFLICT));
    }

    private static CompletionStage<JsonReply> shown(VouchedPayment payment) {
        return JsonReply.stage(200, PaymentJson.payment(payment).withoutWallet().format());
    }
}

package org.farthing.server.collect;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.ProblemType;
import org.farthing.protocol.wallet.CaptureResults;
import org.farthing.protocol.wallet.CaptureResults.Outcome;
import org.farthing.protocol.wallet.ServicePayment;
import org.farthing.server.gate.PaymentEvent;
import org.farthing.server.gate.PaymentEvent.Kind;
import org.farthing.server.gate.PaymentEvents;
import org.farthing.server.ledger.OutboxItem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a wallet service's answer means for an item of the outbox (F-WS-74). */
final class Verdict {

    private static final Logger LOG = LoggerFactory.getLogger(CaptureCourier.class);

    private Verdict() {}

    /**
     * An item that has its answer.
     *
     * @param item the item
     * @param result what the service said
     * @param lost whether it will not do it, now or later
     */
    record Told(OutboxItem item, String result, boolean lost) {

        /** Says it to the operator: what was earned for certain, and what is lost. */
        void announce(PaymentEvents events) {
            CurrencyId currency = new CurrencyId(item.currency());
            Amount amount = Amount.of(item.amount());
            if (lost) {
                LOG.error(
                        "{} does not honour the {} of {} {} for charge {}: {}",
                        item.service(),
                        item.kind(),
                        amount.format(),
                        currency,
                        item.challengeId(),
                        result);
            } else {
                LOG.info(
                        "{} of {} {} at {} for charge {}: {}",
                        item.kind(),
                        amount.format(),
                        currency,
                        item.service(),
                        item.challengeId(),
                        result);
            }
            if (item.kind() == OutboxItem.Kind.CAPTURE || (lost && item.kind() == OutboxItem.Kind.REFUND)) {
                Kind kind = lost ? Kind.COLLECT_FAILED : Kind.COLLECTED;
                record(events, new PaymentEvent(kind, item.service(), null, amount, currency));
            }
        }

        /** A listener that throws must not keep the next items from being told. */
        private static void record(PaymentEvents events, PaymentEvent event) {
            try {
                events.record(event);
            } catch (RuntimeException e) {
                LOG.error("A listener of payment events failed at {}", event.kind(), e);
            }
        }
    }

    static List<Told> of(List<OutboxItem> items, List<CaptureResults.Result> results) {
        List<Told> told = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            told.add(of(items.get(i), results.get(i)));
        }
        return told;
    }

    private static Told of(OutboxItem item, CaptureResults.Result result) {
        String said = result.outcome().text();
        if (item.kind() == OutboxItem.Kind.RELEASE) {
            // Expired or unknown there: the payer has the money in any case.
            return new Told(item, said, result.outcome().isCaptured() || result.outcome() == Outcome.CONFLICT);
        }
        Amount captured = result.amount();
        boolean ours = result.outcome().isCaptured() && Amount.of(item.amount()).equals(captured);
        return new Told(item, captured == null ? said : said + " " + captured.format(), !ours);
    }

    static Told ofRefund(OutboxItem item, ServicePayment payment) {
        if (!payment.tokenId().equals(item.tokenId()) || payment.refunded().baseUnits() < item.amount()) {
            throw new CompletionException(
                    ServiceCallException.unreachable(item.service() + " answered about another payment or amount"));
        }
        return new Told(item, "refunded", false);
    }

    /** A refusal that asking again cannot change; all else is thrown on, and asked again. */
    static Told ofRefund(OutboxItem item, Throwable cause) {
        if (cause instanceof ServiceCallException call && isFinal(call)) {
            ProblemType type = call.problem();
            return new Told(item, type == null ? "status " + call.status() : type.code(), true);
        }
        throw new CompletionException(cause);
    }

    private static boolean isFinal(ServiceCallException call) {
        ProblemType type = call.problem();
        return type == ProblemType.NOT_FOUND
                || type == ProblemType.PAYMENT_RELEASED
                || type == ProblemType.BAD_REQUEST
                || type == ProblemType.IDEMPOTENCY_CONFLICT;
    }
}

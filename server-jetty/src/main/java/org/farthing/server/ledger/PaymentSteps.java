package org.farthing.server.ledger;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.farthing.server.ledger.Operation.Step;
import org.jspecify.annotations.Nullable;

/** Sets money aside for payees and keeps the tokens that say so; gives it back to payers; refunds (F-ST-80 to F-ST-86). */
final class PaymentSteps {

    /** What these charges say where those of a payee name route and method. */
    private static final String ROUTE = "payments";

    private static final String METHOD = "wallet";

    private PaymentSteps() {}

    static Operation<Vouched> hold(Claims claims, PaymentHold request) {
        return (session, now) -> {
            String chargeId = PaymentIds.of(request.recipient(), request.challengeId());
            PaymentRow known = session.first(PaymentSql.BY_CHARGE, PaymentRow.at(now), chargeId);
            if (known != null) {
                return Step.discard(knownTo(known, request));
            }
            if (Claims.expired(session, request.expires(), now)) {
                return Step.discard(new Vouched.Refused(new Reserved.Expired()));
            }
            Reserved reserved = claims.reserve(session, charge(request, chargeId, now), false, now);
            if (reserved instanceof Reserved.Known) {
                // Another node was faster, and by a hair.
                return Step.discard(knownTo(require(session, chargeId, now), request));
            }
            if (!(reserved instanceof Reserved.Held)) {
                return Step.discard(new Vouched.Refused(reserved));
            }
            insert(session, chargeId, request);
            return Step.keep(new Vouched.Held(require(session, chargeId, now).payment(), request.token()));
        };
    }

    private static Vouched knownTo(PaymentRow known, PaymentHold request) {
        return known.payment().wallet().equals(request.wallet())
                        && known.orderHash().equals(request.orderHash())
                ? new Vouched.Known(known.payment(), known.token())
                : new Vouched.OtherOrder();
    }

    /** All that counts for a charge from its {@code expires} on counts for a payment from the end of its hold on. */
    private static HoldRequest charge(PaymentHold request, String chargeId, long now) {
        ChargeTerms terms = new ChargeTerms(
                chargeId,
                request.orderHash(),
                request.tokenId(),
                request.wallet(),
                request.recipient(),
                ROUTE,
                METHOD,
                request.currency(),
                request.amount(),
                request.holdExpires(),
                false);
        Duration hold =
                Duration.ofMillis(Math.subtractExact(request.holdExpires().toEpochMilli(), now));
        return new HoldRequest(terms, request.keyThumbprint(), request.walletVersion(), hold, null);
    }

    private static void insert(Session session, String chargeId, PaymentHold request) throws SQLException {
        long expires = request.expires().toEpochMilli();
        session.updateOne(
                PaymentSql.INSERT,
                chargeId,
                request.recipient(),
                request.challengeId(),
                request.tokenId(),
                request.orderHash(),
                request.token(),
                expires,
                request.rb(),
                PaymentRow.rowHash(
                        chargeId,
                        request.recipient(),
                        request.challengeId(),
                        request.tokenId(),
                        request.orderHash(),
                        request.token(),
                        expires,
                        request.rb()));
    }

    static Operation<PayerRelease> releaseByPayer(String wallet, String recipient, String challengeId) {
        return (session, now) -> {
            String chargeId = PaymentIds.of(recipient, challengeId);
            PaymentRow row = session.first(PaymentSql.BY_CHARGE, PaymentRow.at(now), chargeId);
            if (row == null || !row.payment().wallet().equals(wallet)) {
                return Step.discard(new PayerRelease.Unknown());
            }
            boolean late = row.payment().state() == VouchedPayment.State.EXPIRED;
            ReleaseReason reason = late ? ReleaseReason.HOLD_EXPIRED : ReleaseReason.RELEASED_BY_PAYER;
            boolean won = Settlement.release(session, chargeId, row.fence(), reason, Execution.UNKNOWN, now) != null;
            PaymentRow after = require(session, chargeId, now);
            PayerRelease result = after.captured()
                    ? new PayerRelease.Captured(after.payment())
                    : new PayerRelease.Released(after.payment());
            return new Step<>(result, won);
        };
    }

    static Operation<PaymentRefund> refund(
            String recipient, String tokenId, long amount, String idempotencyKey, String reason) {
        return (session, now) -> {
            PaymentRow row = session.first(PaymentSql.BY_TOKEN, PaymentRow.at(now), tokenId, recipient);
            if (row == null) {
                return Step.discard(new PaymentRefund.Unknown());
            }
            if (!row.captured()) {
                return Step.discard(new PaymentRefund.NotCaptured(row.payment()));
            }
            RefundResult result =
                    Credits.refund(session, new RefundRequest(row.chargeId(), amount, idempotencyKey, reason), now);
            VouchedPayment payment = require(session, row.chargeId(), now).payment();
            if (result instanceof RefundResult.Refunded) {
                return Step.keep(new PaymentRefund.Refunded(payment));
            }
            // What the attempt wrote is undone, so the payment is as it was.
            return Step.discard(refused(result, row.payment()));
        };
    }

    private static PaymentRefund refused(RefundResult result, VouchedPayment payment) {
        if (result instanceof RefundResult.Repeated) {
            return new PaymentRefund.Repeated(payment);
        }
        if (result instanceof RefundResult.KeyConflict) {
            return new PaymentRefund.KeyConflict(payment);
        }
        return new PaymentRefund.TooMuch(payment);
    }

    static Operation<List<VouchedPayment>> find(String wallet, String challengeId) {
        return (session, now) ->
                Step.discard(session.all(PaymentSql.BY_WALLET, PaymentRow.at(now), challengeId, wallet).stream()
                        .map(PaymentRow::payment)
                        .toList());
    }

    static Operation<PaymentSlice> list(String recipient, @Nullable Long after, int limit) {
        return (session, now) -> {
            List<PaymentRow> rows = session.all(
                    PaymentSql.BY_RECIPIENT, PaymentRow.at(now), recipient, after == null ? 0L : after, limit);
            Long next = rows.size() < limit ? null : rows.get(limit - 1).seq();
            return Step.discard(
                    new PaymentSlice(rows.stream().map(PaymentRow::payment).toList(), next));
        };
    }

    private static PaymentRow require(Session session, String chargeId, long now) throws SQLException {
        PaymentRow row = session.first(PaymentSql.BY_CHARGE, PaymentRow.at(now), chargeId);
        if (row == null) {
            throw new SQLException("the ledger contradicts itself: charge " + chargeId + " has no payment");
        }
        return row;
    }
}

package org.farthing.server.ledger;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.farthing.server.ledger.Operation.Step;
import org.farthing.server.ledger.SettleResult.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Captures and releases what a payee asks for, in two passes: first every charge, in the order of their ids, then every
 * wallet, in order of theirs. So two batches, or a batch and a sweep, lock rows in one order.
 */
final class Collecting {

    /** A charge this step has ended, whose money must move. */
    private record Won(Charge charge, @Nullable Long captured) {}

    /** An item, its place in the batch, and the payment it names, if there is one. */
    private record Place(
            int index, SettleItem item, @Nullable PaymentRow row) {

        String chargeId() {
            return row == null ? "" : row.chargeId();
        }
    }

    private final Session session;
    private final long now;
    private final List<Won> won = new ArrayList<>();

    private Collecting(Session session, long now) {
        this.session = session;
        this.now = now;
    }

    static Operation<List<SettleResult>> settle(String recipient, List<SettleItem> items) {
        List<SettleItem> copy = List.copyOf(items);
        return (session, now) -> {
            Collecting step = new Collecting(session, now);
            List<SettleResult> results = step.end(recipient, copy);
            step.move();
            return new Step<>(results, !step.won.isEmpty());
        };
    }

    private List<SettleResult> end(String recipient, List<SettleItem> items) throws SQLException {
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            String token = items.get(i).tokenId();
            PaymentRow row = session.first(PaymentSql.BY_TOKEN, PaymentRow.at(now), token, recipient);
            places.add(new Place(i, items.get(i), row));
        }
        // Stable: two items of one payment stay in the payee's order.
        places.sort(Comparator.comparing(Place::chargeId));
        SettleResult[] results = new SettleResult[items.size()];
        for (Place place : places) {
            results[place.index()] = place.row() == null
                    ? new SettleResult(place.item().tokenId(), Outcome.UNKNOWN, null)
                    : end(place.item(), place.row());
        }
        return List.of(results);
    }

    private SettleResult end(SettleItem item, PaymentRow row) throws SQLException {
        Long capture = item.capture();
        boolean otherRequest =
                item.rb() != null && row.rb() != null && !item.rb().equals(row.rb());
        if (otherRequest || (capture != null && capture > row.payment().amount())) {
            return result(item, Outcome.CONFLICT, again(row));
        }
        boolean inTime = row.payment().state() != VouchedPayment.State.EXPIRED;
        Charge ended = inTime ? update(capture, row) : null;
        if (ended != null) {
            won.add(new Won(ended, capture));
            return result(item, capture == null ? Outcome.RELEASED : Outcome.CAPTURED, again(row));
        }
        PaymentRow after = again(row);
        return result(item, settledBefore(capture, after), after);
    }

    private @Nullable Charge update(@Nullable Long capture, PaymentRow row) throws SQLException {
        return capture == null
                ? session.change(
                        Sql.RELEASE,
                        Rows::charge,
                        ReleaseReason.RELEASED_BY_PAYEE.name(),
                        Execution.UNKNOWN.name(),
                        now,
                        row.chargeId(),
                        row.fence(),
                        0)
                : session.change(
                        Sql.CAPTURE_TELLING, Rows::charge, capture, now, row.chargeId(), row.fence(), capture, 0);
    }

    private static Outcome settledBefore(@Nullable Long capture, PaymentRow row) {
        if (row.captured()) {
            boolean same = capture != null && capture == row.payment().captured();
            return same ? Outcome.ALREADY_CAPTURED : Outcome.CONFLICT;
        }
        if (row.payment().state() == VouchedPayment.State.EXPIRED) {
            return Outcome.EXPIRED;
        }
        return capture == null ? Outcome.RELEASED : Outcome.CONFLICT;
    }

    private static SettleResult result(SettleItem item, Outcome outcome, PaymentRow row) {
        return new SettleResult(
                item.tokenId(), outcome, row.captured() ? row.payment().captured() : null);
    }

    private PaymentRow again(PaymentRow row) throws SQLException {
        PaymentRow after = session.first(PaymentSql.BY_CHARGE, PaymentRow.at(now), row.chargeId());
        if (after == null) {
            throw new SQLException("the ledger contradicts itself: payment " + row.chargeId() + " went away");
        }
        return after;
    }

    private void move() throws SQLException {
        List<Won> byWallet = new ArrayList<>(won);
        byWallet.sort(Comparator.comparing(one -> one.charge().terms().wallet()));
        for (Won one : byWallet) {
            Funds funds = Funds.of(one.charge());
            if (one.captured() == null) {
                funds.released(session, one.charge(), now);
            } else {
                funds.captured(session, one.charge(), one.captured(), now);
            }
        }
    }
}

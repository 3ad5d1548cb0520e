package org.farthing.server.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.farthing.server.ledger.VouchedPayment.State;
import org.jspecify.annotations.Nullable;

/** A vouched payment as it stands in the store: the row of its own and that of its charge. */
record PaymentRow(
        long seq,
        String chargeId,
        String orderHash,
        String token,
        @Nullable String rb,
        ChargeState state,
        long fence,
        VouchedPayment payment) {

    /** Whether nobody has captured or released it; it may be too late for both. */
    boolean held() {
        return state == ChargeState.HELD;
    }

    /** Whether it was captured, given back or not. */
    boolean captured() {
        return state == ChargeState.CAPTURED || state == ChargeState.REFUNDED;
    }

    static Session.Row<PaymentRow> at(long now) {
        return row -> of(row, now);
    }

    private static PaymentRow of(ResultSet row, long now) throws SQLException {
        ChargeState state = ChargeState.valueOf(row.getString("state"));
        Instant holdExpires = Rows.time(row.getLong("hold_expires"));
        boolean late = state == ChargeState.HELD
                ? holdExpires.toEpochMilli() <= now
                : ReleaseReason.HOLD_EXPIRED.name().equals(row.getString("release_reason"));
        VouchedPayment payment = new VouchedPayment(
                row.getString("wallet"),
                row.getString("recipient"),
                row.getString("challenge_id"),
                row.getString("token_id"),
                row.getString("currency"),
                row.getLong("amount"),
                row.getLong("captured"),
                row.getLong("refunded"),
                shown(state, late),
                Rows.time(row.getLong("created_at")),
                Rows.time(row.getLong("token_expires")),
                holdExpires);
        return new PaymentRow(
                row.getLong("seq"),
                row.getString("charge_id"),
                row.getString("order_hash"),
                row.getString("token"),
                row.getString("rb"),
                state,
                row.getLong("fence"),
                payment);
    }

    private static State shown(ChargeState state, boolean late) {
        return switch (state) {
            case HELD -> late ? State.EXPIRED : State.HELD;
            case RELEASED -> late ? State.EXPIRED : State.RELEASED;
            case CAPTURED, REFUNDED -> State.CAPTURED;
        };
    }

    static String rowHash(
            String chargeId,
            String recipient,
            String challengeId,
            String tokenId,
            String orderHash,
            String token,
            long expires,
            @Nullable String rb) {
        return RowHash.of("service_payment", chargeId, recipient, challengeId, tokenId, orderHash, token, expires, rb);
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
        return "PaymentRow[" + payment + "]";
    }
}

package org.farthing.server.ledger;

import java.sql.SQLException;
import org.farthing.server.ledger.OutboxItem.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Money at a wallet service (F-ST-70 to F-ST-73). Nothing of it is here: what is captured is booked as owed by the service, and
 * each step leaves in the outbox what the service must be told.
 */
final class BackedFunds implements Funds {

    static final BackedFunds INSTANCE = new BackedFunds();

    private BackedFunds() {}

    /** Whether a hold until then leaves the time to capture before the service lets the money go. */
    static boolean endsInTime(Backing backing, long holdUntil) {
        return holdUntil < lastHold(backing.holdExpires().toEpochMilli());
    }

    private static long lastHold(long holdExpires) {
        return holdExpires - Backing.MARGIN.toMillis();
    }

    /** The latest end of a hold: as asked for, or earlier where a service vouched. */
    static long atMost(Session session, String challengeId, long until) throws SQLException {
        Long holdExpires = session.first(BackingSql.HOLD_EXPIRES, row -> row.getLong(1), challengeId);
        return holdExpires == null ? until : Math.min(until, lastHold(holdExpires));
    }

    /** Counts a claimed charge; null, or why not. */
    static @Nullable Reserved begin(Session session, Charge charge, Backing backing, long now) throws SQLException {
        ChargeTerms terms = charge.terms();
        int rows = session.update(
                BackingSql.INSERT_BACKING,
                terms.challengeId(),
                backing.service(),
                backing.tokenId(),
                backing.holdExpires().toEpochMilli(),
                backing.rb(),
                rowHash(terms.challengeId(), backing));
        if (rows == 0) {
            String other = session.first(
                    BackingSql.CHALLENGE_OF_TOKEN, row -> row.getString(1), backing.service(), backing.tokenId());
            if (other == null) {
                throw new SQLException("the token of " + terms.challengeId() + " met a row that is not there");
            }
            return new Reserved.PaymentUsed(other);
        }
        long amount = terms.amount();
        if (charge.state() == ChargeState.CAPTURED && amount > 0) {
            Posting.captureBacked(charge, amount, now).insertOnce(session);
        }
        session.update(BackingSql.OPEN_EXPOSURE, backing.service(), terms.currency());
        long room = backing.exposureLimit() - amount;
        if (session.update(BackingSql.RAISE_EXPOSURE, amount, backing.service(), terms.currency(), room) == 1) {
            return null;
        }
        Long open = session.first(BackingSql.EXPOSURE, row -> row.getLong(1), backing.service(), terms.currency());
        return new Reserved.ExposureExceeded(open == null ? 0 : open, backing.exposureLimit());
    }

    static String rowHash(String challengeId, Backing backing) {
        return RowHash.of(
                "backing",
                challengeId,
                backing.service(),
                backing.tokenId(),
                backing.holdExpires().toEpochMilli(),
                backing.rb());
    }

    @Override
    public void captured(Session session, Charge charge, long amount, long now) throws SQLException {
        if (amount > 0) {
            Posting.captureBacked(charge, amount, now).insertOnce(session);
        }
        OutboxSteps.tell(session, charge, Kind.CAPTURE, amount, now);
        lower(session, charge, Math.subtractExact(charge.terms().amount(), amount));
    }

    @Override
    public void released(Session session, Charge charge, long now) throws SQLException {
        OutboxSteps.tell(session, charge, Kind.RELEASE, charge.terms().amount(), now);
        lower(session, charge, charge.terms().amount());
    }

    /** What was refunded while the answer was on its way is not even collected. */
    @Override
    public void delivered(Session session, Charge charge, long now) throws SQLException {
        OutboxSteps.tell(session, charge, Kind.CAPTURE, charge.captured() - charge.refunded(), now);
        lower(session, charge, charge.refunded());
    }

    @Override
    public void undelivered(Session session, Charge before, long now) throws SQLException {
        long back = Math.subtractExact(before.captured(), before.refunded());
        if (back > 0) {
            Posting.undeliveredBacked(before, back, now).insertOnce(session);
        }
        released(session, before, now);
    }

    @Override
    public boolean refunded(Session session, Charge before, Charge after, RefundRequest request, long now)
            throws SQLException {
        if (before.delivery() == Delivery.PENDING) {
            if (after.delivery() == Delivery.UNDELIVERED) {
                released(session, before, now);
            }
            return true;
        }
        if (session.exists(BackingSql.WRITTEN_OFF, before.challengeId())) {
            return false;
        }
        OutboxSteps.tell(session, before, request, now);
        return true;
    }

    private static void lower(Session session, Charge charge, long amount) throws SQLException {
        if (amount > 0) {
            lower(session, charge.service(), charge.terms().currency(), amount);
        }
    }

    static void lower(Session session, @Nullable String service, String currency, long amount) throws SQLException {
        session.updateOne(BackingSql.LOWER_EXPOSURE, amount, service, currency, amount);
    }
}

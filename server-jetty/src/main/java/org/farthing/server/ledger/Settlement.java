package org.farthing.server.ledger;

import java.sql.SQLException;
import java.time.Duration;
import org.farthing.server.ledger.Operation.Step;
import org.jspecify.annotations.Nullable;

/**
 * Ends charges, or gives them more time. Every step is one conditional update first; only the caller whose update hit the
 * row moves money.
 */
final class Settlement {

    private final String bootId;

    Settlement(String bootId) {
        this.bootId = bootId;
    }

    Operation<Transition> renew(HoldRef ref, Duration hold) {
        return (session, now) -> {
            long until = BackedFunds.atMost(session, ref.challengeId(), Math.addExact(now, hold.toMillis()));
            return step(session, ref, now, session.update(Sql.RENEW, until, ref.challengeId(), ref.fence()) == 1);
        };
    }

    Operation<Transition> capture(HoldRef ref, long amount, StoredOutcome outcome, @Nullable Issuance issuance) {
        return (session, now) -> {
            if (session.update(Sql.CAPTURE, amount, now, ref.challengeId(), ref.fence(), amount) == 0) {
                return Step.discard(new Transition.Lost(notCaptured(session, ref, amount, now)));
            }
            Charge charge = captured(session, ref, amount, outcome, now);
            if (issuance == null) {
                Funds.of(ref, charge).captured(session, charge, amount, now);
            } else {
                Purchases.issue(session, charge, amount, issuance, now);
            }
            store(session, charge.terms(), outcome);
            return Step.keep(new Transition.Done(charge));
        };
    }

    /** Reading the row again would cost as much as changing it. */
    private static Charge captured(Session session, HoldRef ref, long amount, StoredOutcome outcome, long now)
            throws SQLException {
        HoldRef.Known known = ref.known();
        Charge charge = known == null ? Rows.requireCharge(session, ref.challengeId(), now) : known.charge();
        return charge.captured(amount, Rows.time(now), outcome.keptBody() != null);
    }

    private static Charge notCaptured(Session session, HoldRef ref, long amount, long now) throws SQLException {
        Charge charge = Rows.requireCharge(session, ref.challengeId(), now);
        if (amount > charge.terms().amount()) {
            throw new IllegalArgumentException("capture of " + amount + " is more than the authorised "
                    + charge.terms().amount() + " of charge " + ref.challengeId());
        }
        return charge;
    }

    Operation<Transition> release(HoldRef ref, ReleaseReason reason, Execution executed) {
        return (session, now) ->
                step(session, ref, now, release(session, ref.challengeId(), ref.fence(), reason, executed, now));
    }

    /** The released charge, or null. The sweeper comes through here too: the same condition, so exactly one of both wins. */
    static @Nullable Charge release(
            Session session, String challengeId, long fence, ReleaseReason reason, Execution executed, long now)
            throws SQLException {
        Charge charge =
                session.change(Sql.RELEASE, Rows::charge, reason.name(), executed.name(), now, challengeId, fence, 0);
        if (charge != null) {
            Funds.of(charge).released(session, charge, now);
        }
        return charge;
    }

    Operation<Transition> delivered(HoldRef ref, StoredOutcome outcome) {
        int stored = outcome.keptBody() == null ? 0 : 1;
        return (session, now) -> {
            Charge charge = session.change(Sql.DELIVERED, Rows::charge, ref.challengeId(), ref.fence(), stored);
            if (charge != null) {
                Funds.of(charge).delivered(session, charge, now);
                store(session, charge.terms(), outcome);
            }
            return step(session, ref, now, charge);
        };
    }

    Operation<Transition> refundUndelivered(HoldRef ref, ReleaseReason reason, Execution executed) {
        return (session, now) -> step(
                session, ref, now, refundUndelivered(session, ref.challengeId(), ref.fence(), reason, executed, now));
    }

    static boolean refundUndelivered(
            Session session, String challengeId, long fence, ReleaseReason reason, Execution executed, long now)
            throws SQLException {
        Charge charge = Rows.requireCharge(session, challengeId, now);
        int rows =
                session.update(Sql.UNDELIVERED, reason.name(), executed.name(), challengeId, fence, charge.refunded());
        if (rows == 0) {
            return false;
        }
        Funds.of(charge).undelivered(session, charge, now);
        return true;
    }

    Operation<TakeOver> takeOver(String challengeId, String credentialHash, Duration hold) {
        return (session, now) -> {
            long until = BackedFunds.atMost(session, challengeId, Math.addExact(now, hold.toMillis()));
            boolean won = session.update(Sql.TAKE_OVER, bootId, until, challengeId, credentialHash, now) == 1;
            Charge charge = Rows.charge(session, challengeId, now);
            if (charge == null) {
                return Step.discard(new TakeOver.Unknown());
            }
            return won
                    ? Step.keep(new TakeOver.Taken(HoldRef.of(charge, null), charge))
                    : Step.discard(new TakeOver.Refused(charge));
        };
    }

    private static void store(Session session, ChargeTerms terms, StoredOutcome outcome) throws SQLException {
        byte[] body = outcome.keptBody();
        session.updateOne(
                Sql.STORE_OUTCOME,
                terms.challengeId(),
                outcome.status(),
                Rows.lines(outcome.fields()),
                body,
                body == null ? 0 : 1,
                outcome.receipt().orElse(null),
                terms.expires().toEpochMilli() + Claims.REPLAY);
    }

    private static Step<Transition> step(Session session, HoldRef ref, long now, boolean won) throws SQLException {
        return step(session, ref, now, won ? Rows.requireCharge(session, ref.challengeId(), now) : null);
    }

    private static Step<Transition> step(Session session, HoldRef ref, long now, @Nullable Charge done)
            throws SQLException {
        return done == null
                ? Step.discard(new Transition.Lost(Rows.requireCharge(session, ref.challengeId(), now)))
                : Step.keep(new Transition.Done(done));
    }
}

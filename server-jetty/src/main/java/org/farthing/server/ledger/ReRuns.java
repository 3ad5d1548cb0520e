package org.farthing.server.ledger;

import java.sql.SQLException;
import java.time.Duration;
import org.farthing.server.ledger.Operation.Step;

/** Lets a safe handler run again for a captured charge whose answer could not be stored. No money moves here. */
final class ReRuns {

    private ReRuns() {}

    static Operation<ReRun> begin(String challengeId, String credentialHash, Duration atMost) {
        return (session, now) -> {
            long until = Math.addExact(now, atMost.toMillis());
            boolean won = session.update(Sql.BEGIN_RERUN, until, challengeId, credentialHash, now, now) == 1;
            Charge charge = Rows.charge(session, challengeId, now);
            if (charge == null) {
                return Step.discard(new ReRun.Unknown());
            }
            if (!won) {
                return Step.discard(refusal(session, charge, credentialHash, now));
            }
            StoredOutcome outcome = session.first(Sql.OUTCOME, Rows::outcome, challengeId, credentialHash, now);
            if (outcome == null) {
                throw new SQLException("the outcome of " + challengeId + " was there and is not");
            }
            return Step.keep(new ReRun.Granted(challengeId, charge.reRuns(), outcome));
        };
    }

    /** Busy only for the bytes that paid, so that nobody else learns whether a re-run is under way. */
    private static ReRun refusal(Session session, Charge charge, String credentialHash, long now) throws SQLException {
        boolean underWay = charge.claimedBy(credentialHash)
                && charge.state() == ChargeState.CAPTURED
                && session.exists(Sql.RERUN_UNDER_WAY, charge.challengeId(), now);
        return underWay ? new ReRun.Busy(charge) : new ReRun.Refused(charge);
    }

    static Operation<Boolean> end(ReRun.Granted reRun) {
        return (session, now) -> {
            boolean ended = session.update(Sql.END_RERUN, reRun.challengeId(), reRun.number()) == 1;
            return new Step<>(ended, ended);
        };
    }
}

package org.farthing.server.ledger;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.farthing.server.ledger.Operation.Step;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends what is overdue and removes what is past its retention, a small step at a time so that payments go on between. */
final class Retention {

    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

    private static final int SWEEP_STEP = 100;
    private static final int PURGE_STEP = 500;
    private static final long MARGIN = Duration.ofHours(1).toMillis();
    private static final long KEPT_SHORT = Duration.ofHours(24).toMillis();
    private static final long UNFUNDED = Duration.ofDays(30).toMillis();

    private record Overdue(String challengeId, String wallet, long fence, ChargeState state) {}

    private record Old(
            String challengeId, long expires, @Nullable String service) {}

    private final Leases leases;
    private final long keptLong;
    private final TokenRetention tokens;

    Retention(Leases leases, LedgerOptions options) {
        this.leases = leases;
        this.keptLong = options.refundWindow().toMillis();
        this.tokens = new TokenRetention(keptLong);
    }

    /** Wallet by wallet, as everything that shares a transaction does. Nothing if another node keeps house. */
    Operation<SweepReport> sweep() {
        return (session, now) -> {
            if (!leases.lead(session, now)) {
                return Step.discard(new SweepReport(0, 0, false));
            }
            boolean leads = session.hasWritten();
            List<Overdue> overdue = session.all(
                    Sql.OVERDUE,
                    row -> new Overdue(
                            row.getString("challenge_id"),
                            row.getString("wallet"),
                            row.getLong("fence"),
                            ChargeState.valueOf(row.getString("state"))),
                    now,
                    SWEEP_STEP);
            overdue.sort(Comparator.comparing(Overdue::wallet));
            int released = 0;
            int refunded = 0;
            for (Overdue charge : overdue) {
                if (!end(session, charge, now)) {
                    continue;
                }
                if (charge.state() == ChargeState.HELD) {
                    released++;
                } else {
                    refunded++;
                }
            }
            SweepReport report =
                    new SweepReport(released, refunded, overdue.size() == SWEEP_STEP && released + refunded > 0);
            return new Step<>(report, leads || released + refunded > 0);
        };
    }

    /** One charge that cannot be ended (its books contradict themselves) must not keep the others from ending. */
    private static boolean end(Session session, Overdue charge, long now) throws SQLException {
        session.execute("SAVEPOINT overdue");
        try {
            boolean ended = charge.state() == ChargeState.HELD
                    ? Settlement.release(
                                    session,
                                    charge.challengeId(),
                                    charge.fence(),
                                    ReleaseReason.HOLD_EXPIRED,
                                    Execution.UNKNOWN,
                                    now)
                            != null
                    : Settlement.refundUndelivered(
                            session,
                            charge.challengeId(),
                            charge.fence(),
                            ReleaseReason.UNDELIVERED,
                            Execution.UNKNOWN,
                            now);
            session.execute("RELEASE SAVEPOINT overdue");
            return ended;
        } catch (SQLException e) {
            if (session.isConflict(e)) {
                throw e;
            }
            session.execute("ROLLBACK TO SAVEPOINT overdue");
            session.execute("RELEASE SAVEPOINT overdue");
            LOG.error("Charge {} is overdue and cannot be ended; run the ledger's check.", charge.challengeId(), e);
            return false;
        }
    }

    Operation<PurgeReport> purge() {
        return (session, now) -> {
            if (!leases.lead(session, now)) {
                return Step.discard(new PurgeReport(0, 0, 0, 0, false));
            }
            boolean leads = session.hasWritten();
            long replayed = now - MARGIN;
            int outcomes = session.update(Sql.PURGE_OUTCOMES, replayed, PURGE_STEP);
            int keys = session.update(Sql.PURGE_KEYS, replayed, PURGE_STEP);
            int shortKept = purgeCharges(session, Sql.SHORT_KEPT, now - KEPT_SHORT - MARGIN);
            int longKept = purgeCharges(session, Sql.LONG_KEPT, now - keptLong - MARGIN);
            int wallets = purgeWallets(session, now - UNFUNDED - MARGIN);
            int requestIds = JdbcRequestIds.purge(session, now - MARGIN, PURGE_STEP);
            int ofTokens = tokens.purge(session, now - MARGIN, PURGE_STEP);
            boolean more = ofTokens > 0
                    || outcomes == PURGE_STEP
                    || keys == PURGE_STEP
                    || shortKept == PURGE_STEP
                    || longKept == PURGE_STEP
                    || wallets == PURGE_STEP
                    || requestIds == PURGE_STEP;
            PurgeReport report =
                    new PurgeReport(outcomes + keys, shortKept + longKept, wallets, requestIds, ofTokens, more);
            return new Step<>(
                    report,
                    leads
                            || report.outcomes()
                                            + report.charges()
                                            + report.wallets()
                                            + report.requestIds()
                                            + report.tokens()
                                    > 0);
        };
    }

    private static int purgeCharges(Session session, String select, long before) throws SQLException {
        List<Old> old = session.all(
                select,
                row -> new Old(row.getString("challenge_id"), row.getLong("expires"), row.getString("service")),
                before,
                PURGE_STEP);
        for (Old charge : old) {
            purgeBeside(session, charge);
            session.updateOne(Sql.PURGE_CHARGE, charge.challengeId());
        }
        if (!old.isEmpty()) {
            long youngest = old.get(old.size() - 1).expires();
            session.update(Sql.MOVE_PURGE_MARK, youngest, youngest);
        }
        return old.size();
    }

    private static void purgeBeside(Session session, Old charge) throws SQLException {
        session.update(Sql.REVOKE_OUTCOME, charge.challengeId());
        if (charge.service() != null) {
            session.update(BackingSql.PURGE_ITEMS, charge.challengeId());
            session.update(BackingSql.PURGE_BACKING, charge.challengeId());
        }
        if (charge.challengeId().startsWith(PaymentIds.PREFIX)) {
            session.update(PaymentSql.PURGE, charge.challengeId());
        }
    }

    private static int purgeWallets(Session session, long before) throws SQLException {
        List<String> unfunded = session.all(Sql.NEVER_FUNDED, row -> row.getString(1), before, PURGE_STEP);
        for (String wallet : unfunded) {
            session.update(LimitSql.PURGE_SPENT, wallet);
            session.update(LimitSql.PURGE, wallet);
            session.update(Sql.PURGE_WALLET_KEYS, wallet);
            session.updateOne(Sql.PURGE_WALLET, wallet);
        }
        return unfunded.size();
    }
}

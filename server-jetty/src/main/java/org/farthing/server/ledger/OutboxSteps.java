package org.farthing.server.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.farthing.server.ledger.Operation.Step;
import org.farthing.server.ledger.OutboxItem.Kind;
import org.farthing.server.ledger.OutboxItem.State;
import org.jspecify.annotations.Nullable;

/** Writes the outbox, and says how its items are carried out (F-ST-72 to F-ST-76). */
final class OutboxSteps implements ErrandKind<OutboxItem, OutboxAnswer> {

    static final OutboxSteps INSTANCE = new OutboxSteps();

    private OutboxSteps() {}

    // ---- written beside a charge's own step

    static void tell(Session session, Charge charge, Kind kind, long amount, long now) throws SQLException {
        tell(session, charge.challengeId(), kind, amount, null, null, now);
    }

    static void tell(Session session, Charge charge, RefundRequest refund, long now) throws SQLException {
        tell(
                session,
                charge.challengeId(),
                Kind.REFUND,
                refund.amount(),
                refund.idempotencyKey(),
                refund.reason(),
                now);
    }

    private static void tell(
            Session session,
            String challengeId,
            Kind kind,
            long amount,
            @Nullable String key,
            @Nullable String reason,
            long now)
            throws SQLException {
        String hash = rowHash(challengeId, kind.name(), amount, key, reason, now);
        session.updateOne(BackingSql.INSERT_ITEM, challengeId, kind.name(), amount, key, reason, now, hash, now);
    }

    static String rowHash(
            String challengeId,
            String kind,
            long amount,
            @Nullable String key,
            @Nullable String reason,
            long createdAt) {
        return RowHash.of("outbox", challengeId, kind, amount, key, reason, createdAt);
    }

    // ---- carried out

    @Override
    public List<OutboxItem> due(Session session, long now, int limit) throws SQLException {
        return session.all(BackingSql.DUE, OutboxSteps::item, now, limit);
    }

    @Override
    public long seq(OutboxItem item) {
        return item.seq();
    }

    @Override
    public OutboxItem leased(OutboxItem item, long until) {
        return new OutboxItem(
                item.seq(),
                item.challengeId(),
                item.kind(),
                item.service(),
                item.payee(),
                item.tokenId(),
                item.currency(),
                item.amount(),
                item.rb(),
                item.holdExpires(),
                item.idempotencyKey(),
                item.reason(),
                item.state(),
                item.attempts() + 1,
                item.createdAt(),
                Instant.ofEpochMilli(until),
                item.result());
    }

    @Override
    public String lease() {
        return BackingSql.LEASE;
    }

    @Override
    public String again() {
        return BackingSql.AGAIN;
    }

    @Override
    public long seqOf(OutboxAnswer answer) {
        return answer.seq();
    }

    /** A lost release is done: whatever the service did with that money, none of it was earned. */
    @Override
    public @Nullable Ended end(Session session, OutboxAnswer answer) throws SQLException {
        OutboxItem item = session.first(BackingSql.ITEM_OF, OutboxSteps::item, answer.seq());
        if (item == null) {
            return null;
        }
        State state = answer.lost() && item.kind() != Kind.RELEASE ? State.FAILED : State.DONE;
        if (session.update(BackingSql.END, state.name(), state.name(), answer.result(), answer.seq()) == 0) {
            return null;
        }
        boolean collected = item.kind() == Kind.CAPTURE && state == State.DONE;
        return new Ended(new Debt(item.service(), item.currency()), collected ? item.amount() : 0);
    }

    @Override
    public void lower(Session session, Debt debt, long amount) throws SQLException {
        BackedFunds.lower(session, debt.party(), debt.currency(), amount);
    }

    @Override
    public Operation<Boolean> writeOff(long seq, String reason) {
        return (session, now) -> {
            OutboxItem item = session.first(BackingSql.ITEM_OF, OutboxSteps::item, seq);
            if (item == null) {
                return Step.discard(false);
            }
            // The charge first: a refund under way has been made, or comes after this and is refused.
            session.updateOne(BackingSql.LOCK_CHARGE, item.challengeId());
            if (session.update(BackingSql.WRITE_OFF, reason, seq) == 0) {
                return Step.discard(false);
            }
            if (item.kind() == Kind.CAPTURE) {
                giveUp(session, item, reason, now);
            }
            return Step.keep(true);
        };
    }

    private static void giveUp(Session session, OutboxItem capture, String reason, long now) throws SQLException {
        Charge charge = Rows.requireCharge(session, capture.challengeId(), now);
        long left = Math.subtractExact(charge.captured(), charge.refunded());
        if (left > 0) {
            session.updateOne(BackingSql.SET_WRITTEN_OFF, left, charge.challengeId());
            Posting.writeOff(charge, left, reason, now).insertOnce(session);
        }
        session.update(BackingSql.WRITE_OFF_REFUNDS, reason, charge.challengeId());
        BackedFunds.lower(session, capture.service(), capture.currency(), capture.amount());
    }

    // ---- read

    static Operation<List<OutboxStatus>> status() {
        return (session, now) -> Step.discard(session.all(
                BackingSql.STATUS,
                row -> new OutboxStatus(
                        row.getString("service"),
                        row.getString("currency"),
                        row.getLong("waiting"),
                        Rows.timeOrNull(row, "oldest"),
                        Rows.timeOrNull(row, "capture_by"),
                        row.getLong("failed"),
                        row.getLong("failed_amount"),
                        row.getLong("open"))));
    }

    static Operation<List<OutboxItem>> items(@Nullable State state, long after, int limit) {
        return (session, now) -> Step.discard(session.all(statement(state), OutboxSteps::item, after, limit));
    }

    private static String statement(@Nullable State state) {
        if (state == null) {
            return BackingSql.ITEMS;
        }
        return switch (state) {
            case WAITING -> BackingSql.ITEMS_WAITING;
            case FAILED -> BackingSql.ITEMS_FAILED;
            case DONE -> BackingSql.ITEMS_DONE;
            case WRITTEN_OFF -> BackingSql.ITEMS_WRITTEN_OFF;
        };
    }

    static Operation<List<BackedCharge>> charges(String service, @Nullable String after, int limit) {
        return (session, now) -> Step.discard(session.all(
                BackingSql.CHARGES,
                row -> new BackedCharge(
                        Rows.charge(row),
                        service,
                        row.getString("token_id"),
                        Rows.time(row.getLong("hold_expires")),
                        row.getString("rb"),
                        row.getInt("unfinished"),
                        row.getLong("written_off")),
                now,
                now,
                service,
                after == null ? "" : after,
                limit));
    }

    private static OutboxItem item(ResultSet row) throws SQLException {
        return new OutboxItem(
                row.getLong("seq"),
                row.getString("challenge_id"),
                Kind.valueOf(row.getString("kind")),
                row.getString("service"),
                row.getString("payee"),
                row.getString("token_id"),
                row.getString("currency"),
                row.getLong("amount"),
                row.getString("rb"),
                Rows.time(row.getLong("hold_expires")),
                row.getString("idempotency_key"),
                row.getString("reason"),
                State.valueOf(row.getString("state")),
                row.getInt("attempts"),
                Rows.time(row.getLong("created_at")),
                Rows.time(row.getLong("not_before")),
                row.getString("result"));
    }
}

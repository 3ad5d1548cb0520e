package org.farthing.server.ledger;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.farthing.server.ledger.Operation.Step;
import org.jspecify.annotations.Nullable;

/** Reads: single rows for the gate, sums and pages for people. */
final class Reports {

    private static final long[] NO_TOKENS = {0, 0};

    private Reports() {}

    static Operation<Optional<Charge>> charge(String challengeId) {
        return (session, now) -> Step.discard(Optional.ofNullable(Rows.charge(session, challengeId, now)));
    }

    static Operation<Optional<StoredOutcome>> outcome(String challengeId, String credentialHash) {
        return (session, now) -> Step.discard(
                Optional.ofNullable(session.first(Sql.OUTCOME, Rows::outcome, challengeId, credentialHash, now)));
    }

    static Operation<Optional<Wallet>> wallet(String id) {
        return (session, now) -> Step.discard(Optional.ofNullable(Rows.wallet(session, id)));
    }

    static Operation<List<Wallet>> wallets(@Nullable String after, int limit) {
        return (session, now) -> {
            List<Wallet> page = new ArrayList<>();
            for (String id : session.all(Sql.WALLET_IDS, row -> row.getString(1), after == null ? "" : after, limit)) {
                Wallet wallet = Rows.wallet(session, id);
                if (wallet != null) {
                    page.add(wallet);
                }
            }
            return Step.discard(List.copyOf(page));
        };
    }

    static Operation<List<Account>> accounts(String walletId) {
        return (session, now) -> Step.discard(session.all(Sql.ACCOUNTS, Rows::account, walletId));
    }

    static Operation<Statement> statement(String walletId, @Nullable Long cursor, int limit) {
        return (session, now) -> {
            long before = cursor == null ? Long.MAX_VALUE : cursor;
            List<Transfer> page = session.all(Sql.STATEMENT, Rows::transfer, walletId, before, limit);
            Long next = page.size() < limit ? null : page.get(limit - 1).sequence();
            return Step.discard(new Statement(page, next));
        };
    }

    static Operation<List<Totals>> totals() {
        return (session, now) -> Step.discard(totals(session));
    }

    static List<Totals> totals(Session session) throws SQLException {
        Map<String, Totals> byCurrency = new TreeMap<>();
        session.each(Sql.SUM_ACCOUNTS, row -> {
            String currency = row.getString("currency");
            byCurrency.put(currency, new Totals(currency, 0, row.getLong("available"), row.getLong("held"), 0));
        });
        Map<String, long[]> tokens = tokens(session);
        session.each(Sql.SUM_TRANSFERS, row -> {
            String currency = row.getString("currency");
            Totals so = byCurrency.getOrDefault(currency, new Totals(currency, 0, 0, 0, 0));
            byCurrency.put(
                    currency,
                    new Totals(
                            currency,
                            -row.getLong("came"),
                            so.available(),
                            so.held(),
                            row.getLong("earned"),
                            row.getLong("receivable") + tokens.getOrDefault(currency, NO_TOKENS)[1],
                            tokens.getOrDefault(currency, NO_TOKENS)[0]));
        });
        return List.copyOf(byCurrency.values());
    }

    /** By currency: what issuers here have of the money of their tokens, and what remote ones owe. */
    private static Map<String, long[]> tokens(Session session) throws SQLException {
        Map<String, long[]> byCurrency = new TreeMap<>();
        session.each(Sql.SUM_TOKENS, row -> {
            long amount = row.getLong("amount");
            long[] sums = byCurrency.computeIfAbsent(row.getString("currency"), any -> new long[2]);
            int side = amount < 0 ? 1 : 0;
            sums[side] = Math.addExact(sums[side], Math.abs(amount));
        });
        return byCurrency;
    }

    static Operation<List<Income>> income(Instant from, Instant until) {
        return (session, now) ->
                Step.discard(session.all(Sql.INCOME, Rows::income, Rows.millis(from), Rows.millis(until)));
    }

    static Operation<Long> eachTransfer(Instant from, Instant until, Consumer<Transfer> sink) {
        long[] taken = {0};
        return (session, now) -> {
            requireFirst(taken[0]);
            session.each(
                    Sql.TRANSFERS,
                    row -> {
                        Transfer transfer = Rows.transfer(row);
                        taken[0]++;
                        sink.accept(transfer);
                    },
                    Rows.millis(from),
                    Rows.millis(until));
            return Step.discard(taken[0]);
        };
    }

    /** An operation may be run again when its connection was lost, but nobody can take rows back from a sink. */
    static void requireFirst(long taken) throws SQLException {
        if (taken > 0) {
            throw new SQLException("the connection was lost while rows were read; read them again from the first");
        }
    }

    static Operation<Long> lastSequence() {
        return (session, now) -> {
            Long last = session.first(Sql.LAST_SEQUENCE, row -> row.getLong(1));
            return Step.discard(last == null ? 0 : last);
        };
    }
}

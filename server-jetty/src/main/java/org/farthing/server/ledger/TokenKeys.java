package org.farthing.server.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.farthing.server.ledger.Operation.Step;
import org.jspecify.annotations.Nullable;

/** Registers and closes keys (F-TK-30, F-TK-45), and looks them up for whoever acts with tokens. */
final class TokenKeys {

    /** A key as it stands in the store. */
    record KeyRow(int epoch, TokenKeyTerms terms, @Nullable String closed, int stage) {

        boolean dropped() {
            return stage != 0;
        }

        String rowHash() {
            return TokenKeys.rowHash(this);
        }

        TokenKeyState state() {
            return new TokenKeyState(terms, closed);
        }

        boolean open() {
            return closed == null && !dropped();
        }

        boolean isOf(String issuer) {
            return terms.issuer().equals(issuer);
        }

        boolean spendable(long now) {
            return open() && before(terms.spendUntil(), now);
        }

        boolean redeemable(long now) {
            return open() && before(terms.redeemUntil(), now);
        }

        boolean swappable(long now) {
            return open() && before(terms.swapUntil(), now);
        }

        /** Closed, but not over. */
        boolean recallable(long now) {
            return closed != null && !dropped() && before(terms.swapUntil(), now);
        }

        /** While the second of a deadline has not passed, it holds (F-TK-20). */
        private static boolean before(Instant deadline, long now) {
            return Math.floorDiv(now, 1000) <= deadline.getEpochSecond();
        }
    }

    private TokenKeys() {}

    /** As it is now. {@link KeyCache} has those that are only used. */
    static @Nullable KeyRow read(Session session, String keyId) throws SQLException {
        return session.first(TokenSql.KEY, TokenKeys::key, keyId);
    }

    static KeyRow ofEpoch(Session session, int epoch) throws SQLException {
        KeyRow key = session.first(TokenSql.KEY_OF_EPOCH, TokenKeys::key, epoch);
        if (key == null) {
            throw new SQLException("the ledger contradicts itself: no key of epoch " + epoch);
        }
        return key;
    }

    static KeyRow key(ResultSet row) throws SQLException {
        TokenKeyTerms terms = new TokenKeyTerms(
                row.getString("key_id"),
                row.getString("issuer"),
                row.getInt("mine") == 1,
                row.getLong("value"),
                row.getString("currency"),
                Rows.time(row.getLong("not_before")),
                Rows.time(row.getLong("not_after")),
                Rows.time(row.getLong("spend_until")),
                Rows.time(row.getLong("redeem_until")),
                Rows.time(row.getLong("swap_until")));
        return new KeyRow(row.getInt("epoch"), terms, row.getString("closed"), row.getInt("dropped"));
    }

    static Operation<List<TokenKeyState>> all() {
        return (session, now) -> Step.discard(
                session.all(TokenSql.KEYS, row -> key(row).state()).stream().toList());
    }

    static Operation<KeyResult> open(TokenKeyTerms terms) {
        return (session, now) -> {
            session.keys().change(session);
            KeyRow known = read(session, terms.keyId());
            if (known != null && !known.terms().equals(terms)) {
                return Step.discard(new KeyResult.OtherTerms(known.state()));
            }
            if (terms.swapUntil().toEpochMilli() <= now || (known != null && known.dropped())) {
                return Step.discard(new KeyResult.Over());
            }
            if (known != null) {
                return Step.discard(new KeyResult.Open(known.state()));
            }
            String same = session.first(
                    TokenSql.SAME_LAST_BYTE,
                    row -> row.getString(1),
                    terms.issuer(),
                    terms.truncatedId(),
                    now,
                    terms.keyId());
            if (same != null) {
                return Step.discard(new KeyResult.SameLastByte(same));
            }
            insert(session, terms);
            return Step.keep(new KeyResult.Open(new TokenKeyState(terms, null)));
        };
    }

    private static void insert(Session session, TokenKeyTerms terms) throws SQLException {
        Integer epoch = session.change(
                TokenSql.INSERT_KEY,
                row -> row.getInt(1),
                terms.keyId(),
                terms.issuer(),
                terms.mine() ? 1 : 0,
                terms.value(),
                terms.currency(),
                terms.truncatedId(),
                terms.notBefore().toEpochMilli(),
                terms.notAfter().toEpochMilli(),
                terms.spendUntil().toEpochMilli(),
                terms.redeemUntil().toEpochMilli(),
                terms.swapUntil().toEpochMilli());
        if (epoch == null) {
            throw new SQLException("the store does not number its epochs");
        }
        set(session, new KeyRow(epoch, terms, null, 0));
    }

    static Operation<Boolean> close(String keyId, String reason) {
        return (session, now) -> {
            session.keys().change(session);
            KeyRow key = read(session, keyId);
            if (key == null || key.closed() != null) {
                return Step.discard(key != null);
            }
            set(session, new KeyRow(key.epoch(), key.terms(), reason, key.stage()));
            return Step.keep(true);
        };
    }

    /** Whoever does this is the only one who does. */
    static void set(Session session, KeyRow key) throws SQLException {
        session.updateOne(TokenSql.SET_KEY, key.closed(), key.stage(), key.rowHash(), key.epoch());
    }

    private static String rowHash(KeyRow key) {
        TokenKeyTerms terms = key.terms();
        return RowHash.of(
                "token_key",
                key.epoch(),
                terms.keyId(),
                terms.issuer(),
                terms.mine(),
                terms.value(),
                terms.currency(),
                terms.truncatedId(),
                terms.notBefore().toEpochMilli(),
                terms.notAfter().toEpochMilli(),
                terms.spendUntil().toEpochMilli(),
                terms.redeemUntil().toEpochMilli(),
                terms.swapUntil().toEpochMilli(),
                key.closed(),
                key.stage());
    }
}

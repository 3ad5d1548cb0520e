package org.farthing.server.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The row of an act with tokens. */
record TokenUse(
        String kind,
        String owner,
        int epoch,
        long value,
        long firstOver,
        long keepUntil,
        String parts,
        @Nullable Long freeFrom) {

    /** An act as it stands, and whose tokens it is about. */
    record Stored(long id, TokenUse use, String issuer, boolean mine) {}

    static @Nullable Stored find(Session session, String owner, TokenAct.Kind kind) throws SQLException {
        return session.first(
                switch (kind) {
                    case CHARGE -> TokenSql.USE_OF_CHARGE;
                    case SWAP -> TokenSql.USE_OF_SWAP;
                    case FORWARD -> TokenSql.USE_OF_FORWARD;
                    case PURCHASE, REDEMPTION, REFUND ->
                        throw new IllegalArgumentException("an owner has any number of acts of the kind " + kind);
                },
                row -> new Stored(row.getLong("id"), of(row), row.getString("issuer"), row.getInt("mine") == 1),
                owner);
    }

    static TokenUse of(ResultSet row) throws SQLException {
        return new TokenUse(
                row.getString("kind"),
                row.getString("owner"),
                row.getInt("epoch"),
                row.getLong("value"),
                row.getLong("first_over"),
                row.getLong("keep_until"),
                row.getString("parts"),
                Findings.numberOrNull(row, "free_from"));
    }

    /** Lets others use its tokens from a time on; false if that was done before. */
    static boolean free(Session session, Stored stored, long from) throws SQLException {
        TokenUse use = stored.use();
        TokenUse free =
                new TokenUse(use.kind, use.owner, use.epoch, use.value, use.firstOver, use.keepUntil, use.parts, from);
        return session.update(TokenSql.FREE_USE, from, free.rowHash(), stored.id()) == 1;
    }

    TokenUse keptUntil(long until) {
        return new TokenUse(kind, owner, epoch, value, firstOver, until, parts, freeFrom);
    }

    String rowHash() {
        return RowHash.of("token_use", kind, owner, epoch, value, firstOver, keepUntil, parts, freeFrom);
    }
}

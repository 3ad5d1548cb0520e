package org.farthing.server.ledger;

import static org.farthing.server.ledger.Findings.number;
import static org.farthing.server.ledger.Findings.numberOrNull;

import java.sql.ResultSet;
import java.sql.SQLException;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.Money;
import org.jspecify.annotations.Nullable;

/** Compares wallets with their keys, accounts and charges, and what is noted as spent with the charges of the day. */
final class WalletAudit {

    /** What is noted for one day of one limit, and what its charges came to so far. */
    private record Spent(String wallet, String code, long day, String number, Money charges) {

        String where() {
            return wallet + " " + code + " " + day;
        }

        boolean sameDay(ResultSet row) throws SQLException {
            return wallet.equals(row.getString("wallet"))
                    && code.equals(row.getString("code"))
                    && day == row.getLong("day");
        }

        Spent plus(Money more) {
            return new Spent(wallet, code, day, number, charges.plus(more));
        }
    }

    private final Session session;
    private final Findings findings;
    private @Nullable Spent current;

    WalletAudit(Session session, Findings findings) {
        this.session = session;
        this.findings = findings;
    }

    void wallets() throws SQLException {
        session.each(AuditSql.WALLETS, findings.readable("wallet", "id", this::wallet));
        session.each(AuditSql.WALLET_ORPHANS, findings::found);
        session.each(AuditSql.IDENTITIES, findings.readable("wallet", "id", this::identity));
        session.each(AuditSql.SIGNERS, findings.readable("wallet_key", row -> key(row, "thumbprint"), this::signer));
        session.each(AuditSql.LIMITS, findings.readable("wallet_limit", row -> key(row, "code"), this::limit));
        session.each(
                AuditSql.NOTED,
                findings.readable("wallet_spend", row -> key(row, "code") + " " + row.getString("day"), this::noted));
    }

    private static String key(ResultSet row, String column) throws SQLException {
        return row.getString("wallet") + " " + row.getString(column);
    }

    // ---- rows with a hash

    private void identity(ResultSet row) throws SQLException {
        String id = row.getString("id");
        String hash = Wallets.rowHash(
                id, row.getString("recovery_thumbprint"), row.getString("recovery_jwk"), number(row, "created_at"));
        findings.hash(row, hash, "wallet", id);
    }

    private void signer(ResultSet row) throws SQLException {
        String hash = Wallets.keyHash(
                row.getString("wallet"),
                row.getString("thumbprint"),
                row.getString("jwk"),
                number(row, "ordinal"),
                number(row, "added_at"),
                numberOrNull(row, "revoked_at"));
        findings.hash(row, hash, "wallet_key", key(row, "thumbprint"));
    }

    private void limit(ResultSet row) throws SQLException {
        String wallet = row.getString("wallet");
        String code = row.getString("code");
        String perDay = row.getString("per_day");
        findings.hash(row, DailyLimits.limitHash(wallet, code, perDay), "wallet_limit", wallet + " " + code);
        Money unused = DailyLimits.stored(perDay, code);
    }

    private void noted(ResultSet row) throws SQLException {
        String wallet = row.getString("wallet");
        String code = row.getString("code");
        long day = number(row, "day");
        String hash = DailyLimits.spentHash(wallet, code, day, row.getString("spent"));
        findings.hash(row, hash, "wallet_spend", wallet + " " + code + " " + day);
    }

    // ---- wallets

    private void wallet(ResultSet row) throws SQLException {
        String id = row.getString("id");
        long holds = number(row, "holds");
        if (holds != row.getLong("in_flight")) {
            findings.found("wallet", id, "counts " + holds + " holds, " + row.getLong("in_flight") + " are in flight");
        }
        if (number(row, "funded") != row.getLong("topped_up")) {
            findings.found("wallet", id, "funded does not fit its accounts");
        }
        long keys = row.getLong("key_count");
        if (keys == 0 || keys != row.getLong("last_key")) {
            findings.found("wallet", id, keys == 0 ? "has no key" : "a key of it is missing");
        }
    }

    // ---- daily limits

    /** Charges of days before the first may have been purged, so they are not added up. */
    void spending(long firstDay) throws SQLException {
        long from = Math.multiplyExact(firstDay, Purged.DAY);
        session.each(
                AuditSql.SPENDING,
                findings.readable(
                        "wallet_spend",
                        row -> row.getString("wallet") + " " + row.getString("code") + " " + row.getString("day"),
                        this::spent),
                from,
                firstDay);
        compare();
        session.each(AuditSql.SPENDING_NOT_NOTED, this::notNoted, from);
    }

    private void spent(ResultSet row) throws SQLException {
        String code = row.getString("code");
        Spent before = current;
        if (before == null || !before.sameDay(row)) {
            compare();
            current = new Spent(
                    row.getString("wallet"), code, number(row, "day"), row.getString("spent"), Money.zero(code));
        }
        Money charges = charges(row, code);
        Spent now = current;
        if (charges != null && now != null) {
            current = now.plus(charges);
        }
    }

    /** What the row's currency adds to the code, if it is one of the code's. */
    private static @Nullable Money charges(ResultSet row, String code) throws SQLException {
        String currency = row.getString("currency");
        if (currency == null || !new CurrencyId(currency).code().equals(code)) {
            return null;
        }
        return DailyLimits.worth(row.getLong("amount"), currency);
    }

    private void compare() {
        Spent day = current;
        current = null;
        if (day == null) {
            return;
        }
        boolean fits;
        try {
            fits = day.charges().equals(DailyLimits.stored(day.number(), day.code()));
        } catch (IllegalArgumentException e) {
            fits = false;
        }
        if (!fits) {
            findings.found(
                    "wallet_spend",
                    day.where(),
                    "spent is " + day.number() + ", its charges add up to "
                            + day.charges().format());
        }
    }

    private void notNoted(ResultSet row) throws SQLException {
        String code = row.getString("code");
        Money charges = charges(row, code);
        if (charges != null) {
            findings.found(
                    "wallet_spend",
                    row.getString("wallet") + " " + code + " " + row.getLong("day"),
                    "it is not there, and charges of the day add up to " + charges.format());
        }
    }
}

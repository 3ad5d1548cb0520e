package org.farthing.server.ledger;

import java.sql.SQLException;
import java.util.NoSuchElementException;
import org.farthing.server.ledger.Operation.Step;
import org.jspecify.annotations.Nullable;

/** Opens wallets and changes who may sign for them and whether they may pay. Each change raises the wallet's version. */
final class Wallets {

    private Wallets() {}

    static Operation<WalletResult> register(WalletRegistration registration) {
        return (session, now) -> {
            String id = registration.id();
            WalletKey key = registration.key();
            WalletKey recovery = registration.recovery();
            String thumbprint = recovery == null ? null : recovery.thumbprint();
            String jwk = recovery == null ? null : recovery.jwk();
            if (session.update(Sql.INSERT_WALLET, id, thumbprint, jwk, now, rowHash(id, thumbprint, jwk, now)) == 1) {
                insertKey(session, id, key, now);
                DailyLimits.insertAll(session, registration, now);
                return Step.keep(new WalletResult.Changed(require(session, id)));
            }
            String first = session.first(Sql.FIRST_KEY, row -> row.getString(1), id);
            return Step.discard(
                    key.thumbprint().equals(first)
                            ? new WalletResult.Unchanged(require(session, id))
                            : new WalletResult.Refused("the wallet id belongs to another key"));
        };
    }

    static Operation<WalletResult> addKey(String id, WalletKey key) {
        return (session, now) -> {
            Wallet before = Rows.wallet(session, id);
            if (before == null) {
                return Step.discard(new WalletResult.Unknown());
            }
            if (before.key(key.thumbprint()).isPresent()) {
                return Step.discard(new WalletResult.Unchanged(before));
            }
            if (before.recovery() != null && before.recovery().thumbprint().equals(key.thumbprint())) {
                return Step.discard(new WalletResult.Refused("the recovery key never signs orders"));
            }
            if (session.exists(Sql.KEY_KNOWN, id, key.thumbprint())) {
                return Step.discard(new WalletResult.Refused("the key was revoked; a revoked key does not come back"));
            }
            session.updateOne(Sql.NEXT_VERSION, id);
            insertKey(session, id, key, now);
            return Step.keep(new WalletResult.Changed(require(session, id)));
        };
    }

    static Operation<WalletResult> revokeKey(String id, String thumbprint) {
        return (session, now) -> {
            // The version first: it locks the wallet, so two revocations cannot both see another key left.
            if (session.update(Sql.NEXT_VERSION, id) == 0) {
                return Step.discard(new WalletResult.Unknown());
            }
            Wallet before = require(session, id);
            if (before.key(thumbprint).isEmpty()) {
                return Step.discard(
                        session.exists(Sql.KEY_KNOWN, id, thumbprint)
                                ? new WalletResult.Unchanged(before)
                                : new WalletResult.Refused("the key is not one of the wallet's"));
            }
            if (before.keys().size() == 1) {
                return Step.discard(
                        new WalletResult.Refused("it is the wallet's last key; suspend the wallet instead"));
            }
            revoke(session, id, thumbprint, now);
            return Step.keep(new WalletResult.Changed(require(session, id)));
        };
    }

    static Operation<WalletResult> setStatus(String id, Wallet.Status status) {
        return (session, now) ->
                changed(session, id, session.update(Sql.SET_STATUS, status.name(), id, status.name()) == 1);
    }

    static Operation<WalletResult> setFrozen(String id, boolean frozen) {
        int value = frozen ? 1 : 0;
        return (session, now) -> changed(session, id, session.update(Sql.SET_FROZEN, value, id, value) == 1);
    }

    private static Step<WalletResult> changed(Session session, String id, boolean changed) throws SQLException {
        Wallet wallet = Rows.wallet(session, id);
        if (wallet == null) {
            return Step.discard(new WalletResult.Unknown());
        }
        return changed ? Step.keep(new WalletResult.Changed(wallet)) : Step.discard(new WalletResult.Unchanged(wallet));
    }

    /** The caller has locked the wallet's row, so no other key takes the same place. */
    private static void insertKey(Session session, String id, WalletKey key, long now) throws SQLException {
        Long last = session.first(Sql.LAST_KEY, row -> row.getLong(1), id);
        long ordinal = last == null ? 1 : last + 1;
        String hash = keyHash(id, key.thumbprint(), key.jwk(), ordinal, now, null);
        session.updateOne(Sql.INSERT_KEY, id, key.thumbprint(), key.jwk(), ordinal, now, hash);
    }

    private static void revoke(Session session, String id, String thumbprint, long now) throws SQLException {
        String hash = session.first(
                Sql.KEY_TO_REVOKE,
                row -> keyHash(
                        id, thumbprint, row.getString("jwk"), row.getLong("ordinal"), row.getLong("added_at"), now),
                id,
                thumbprint);
        session.updateOne(Sql.REVOKE_KEY, now, hash, id, thumbprint);
    }

    /** Over what never changes about a wallet. */
    static String rowHash(String id, @Nullable String thumbprint, @Nullable String jwk, long createdAt) {
        return RowHash.of("wallet", id, thumbprint, jwk, createdAt);
    }

    static String keyHash(
            String wallet, String thumbprint, String jwk, long ordinal, long addedAt, @Nullable Long revokedAt) {
        return RowHash.of("wallet_key", wallet, thumbprint, jwk, ordinal, addedAt, revokedAt);
    }

    static Wallet require(Session session, String id) throws SQLException {
        Wallet wallet = Rows.wallet(session, id);
        if (wallet == null) {
            throw new NoSuchElementException("the ledger knows no wallet " + id);
        }
        return wallet;
    }
}

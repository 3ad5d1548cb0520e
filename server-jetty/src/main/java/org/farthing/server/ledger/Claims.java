package org.farthing.server.ledger;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.farthing.server.ledger.Operation.Step;
import org.farthing.server.ledger.Reserved.WalletUnusable;
import org.jspecify.annotations.Nullable;

/** Starts charges: claim, checks of the wallet, money aside, in one step that writes all or nothing. */
final class Claims {

    private static final long MINUTE = Duration.ofMinutes(1).toMillis();

    /** How long a stored answer is replayed after its challenge expired. */
    static final long REPLAY = Duration.ofMinutes(10).toMillis();

    /** What an idempotency key was used for. */
    private record KeyUse(String content, String challengeId) {}

    private final String bootId;
    private final int maxHolds;
    private final int releasesPerMinute;

    Claims(String bootId, LedgerOptions options) {
        this.bootId = bootId;
        this.maxHolds = options.maxHolds();
        this.releasesPerMinute = options.releasesPerMinute();
    }

    /** The number of the minute a time is in: releases are counted by it. */
    static long minute(long now) {
        return Math.floorDiv(now, MINUTE);
    }

    Operation<Reserved> reserve(HoldRequest request, boolean upfront) {
        return (session, now) -> {
            Reserved reserved = reserve(session, request, upfront, now);
            return new Step<>(reserved, reserved instanceof Reserved.Held);
        };
    }

    /** What it wrote is to stay only if the charge is held. */
    Reserved reserve(Session session, HoldRequest request, boolean upfront, long now) throws SQLException {
        if (request.source() instanceof TokenPayment tokens) {
            // Who has one used token could have all others' steps taken back and run again as often as it asks (T41).
            Reserved refused = TokenFunds.refusal(session, request.terms(), tokens, now);
            if (refused != null && isNew(session, request, now)) {
                return refused;
            }
        }
        Reserved refused = claim(session, request, upfront, now);
        if (refused == null && request.source() == null) {
            refused = takeFromWallet(session, request, upfront, now);
        }
        if (refused != null) {
            return refused;
        }
        Charge charge = charge(request, upfront, now);
        if (request.source() instanceof TokenPayment tokens) {
            return TokenFunds.begin(session, charge, tokens, now);
        }
        refused = request.source() instanceof Backing backing ? BackedFunds.begin(session, charge, backing, now) : null;
        return refused == null ? new Reserved.Held(HoldRef.of(charge, null), charge) : refused;
    }

    /** The charge as it was just claimed. */
    private static Charge charge(HoldRequest request, boolean upfront, long now) {
        ChargeTerms terms = request.terms();
        return new Charge(
                terms,
                upfront ? ChargeState.CAPTURED : ChargeState.HELD,
                1,
                Rows.time(holdUntil(request, now)),
                true,
                upfront ? terms.amount() : 0,
                0,
                upfront ? Delivery.PENDING : Delivery.NOT_TRACKED,
                Execution.UNKNOWN,
                null,
                false,
                0,
                Rows.time(now),
                null,
                request.service(),
                request.issuer());
    }

    private @Nullable Reserved takeFromWallet(Session session, HoldRequest request, boolean upfront, long now)
            throws SQLException {
        Boolean limited = session.change(
                Sql.BEGIN_HOLD,
                row -> row.getInt("limited") == 1,
                request.terms().wallet(),
                request.walletVersion(),
                maxHolds,
                minute(now),
                releasesPerMinute);
        if (limited == null) {
            return whyNoHold(session, request, now);
        }
        Reserved refused = limited ? DailyLimits.spend(session, request.terms(), now) : null;
        return refused == null && request.terms().amount() > 0
                ? setAside(session, request.terms(), upfront, now)
                : refused;
    }

    private @Nullable Reserved claim(Session session, HoldRequest request, boolean upfront, long now)
            throws SQLException {
        ChargeTerms terms = request.terms();
        if (isOver(session, request, now)) {
            Charge known = Rows.charge(session, terms.challengeId(), now);
            return known == null ? new Reserved.Expired() : new Reserved.Known(known);
        }
        Reserved byKey = request.idempotency() == null ? null : claimKey(session, request.idempotency(), terms, now);
        if (byKey != null) {
            return byKey;
        }
        if (insert(session, request, upfront, now)) {
            return null;
        }
        Charge known = Rows.charge(session, terms.challengeId(), now);
        if (known != null) {
            return new Reserved.Known(known);
        }
        if (expired(session, terms.expires(), now)) {
            return new Reserved.Expired();
        }
        String other = session.first(Sql.CHALLENGE_OF_PAYMENT, row -> row.getString(1), terms.paymentId());
        if (other == null) {
            throw new SQLException("the claim of " + terms.challengeId() + " met a row that is not there");
        }
        return new Reserved.PaymentUsed(other);
    }

    /** By the clock, or because claims of its age may have been purged: a clock set back must not revive a used challenge. */
    static boolean expired(Session session, Instant atTheEndOf, long now) throws SQLException {
        long expires = atTheEndOf.toEpochMilli();
        Long purged = session.first(Sql.PURGED_UP_TO, row -> row.getLong(1));
        return expires <= now || purged == null || expires <= purged;
    }

    /** The claim itself looks at what was purged; a key must not be claimed before it does. */
    private static boolean isOver(Session session, HoldRequest request, long now) throws SQLException {
        Instant expires = request.terms().expires();
        boolean over = request.idempotency() == null ? expires.toEpochMilli() <= now : expired(session, expires, now);
        return over || endsTooLate(request, now);
    }

    /** Whether nothing is to be answered from the books: then a payment that cannot be made is refused before anything is written. */
    private static boolean isNew(Session session, HoldRequest request, long now) throws SQLException {
        ChargeTerms terms = request.terms();
        IdempotencyScope key = request.idempotency();
        return !expired(session, terms.expires(), now)
                && !session.exists(Sql.IS_CLAIMED, terms.challengeId(), terms.paymentId())
                && (key == null || !session.exists(Sql.KEY, key.scope()));
    }

    private static boolean endsTooLate(HoldRequest request, long now) {
        Backing backing = request.backing();
        return backing != null && !BackedFunds.endsInTime(backing, holdUntil(request, now));
    }

    private static long holdUntil(HoldRequest request, long now) {
        return Math.addExact(now, request.hold().toMillis());
    }

    private static @Nullable Reserved claimKey(Session session, IdempotencyScope key, ChargeTerms terms, long now)
            throws SQLException {
        long replayUntil = terms.expires().toEpochMilli() + REPLAY;
        String hash = keyHash(key.scope(), key.content(), terms.challengeId(), replayUntil);
        if (session.update(Sql.CLAIM_KEY, key.scope(), key.content(), terms.challengeId(), replayUntil, hash) == 1) {
            return null;
        }
        KeyUse use = session.first(
                Sql.KEY, row -> new KeyUse(row.getString("content"), row.getString("challenge_id")), key.scope());
        if (use == null) {
            throw new SQLException("the claim of an idempotency key met a row that is not there");
        }
        if (use.challengeId().equals(terms.challengeId())) {
            return null;
        }
        Charge earlier = Rows.charge(session, use.challengeId(), now);
        if (earlier == null || earlier.state() == ChargeState.RELEASED) {
            session.updateOne(
                    Sql.RECLAIM_KEY,
                    key.content(),
                    terms.challengeId(),
                    replayUntil,
                    hash,
                    key.scope(),
                    use.challengeId());
            return null;
        }
        return use.content().equals(key.content())
                ? new Reserved.SameKey(earlier)
                : new Reserved.KeyConflict(use.challengeId());
    }

    static String keyHash(String scope, String content, String challengeId, long replayUntil) {
        return RowHash.of("idempotency", scope, content, challengeId, replayUntil);
    }

    private boolean insert(Session session, HoldRequest request, boolean upfront, long now) throws SQLException {
        ChargeTerms terms = request.terms();
        return session.update(
                        Sql.CLAIM,
                        terms.challengeId(),
                        terms.credentialHash(),
                        terms.paymentId(),
                        terms.wallet(),
                        request.keyThumbprint(),
                        terms.payee(),
                        terms.route(),
                        terms.method(),
                        terms.currency(),
                        terms.amount(),
                        terms.expires().toEpochMilli(),
                        terms.repeatable() ? 1 : 0,
                        upfront ? 1 : 0,
                        now,
                        rowHash(terms, request.keyThumbprint(), upfront, now),
                        (upfront ? ChargeState.CAPTURED : ChargeState.HELD).name(),
                        bootId,
                        holdUntil(request, now),
                        upfront ? terms.amount() : 0L,
                        (upfront ? Delivery.PENDING : Delivery.NOT_TRACKED).name(),
                        request.service(),
                        request.issuer(),
                        terms.expires().toEpochMilli())
                == 1;
    }

    static String rowHash(ChargeTerms terms, String keyThumbprint, boolean upfront, long createdAt) {
        return RowHash.of(
                "charge",
                terms.challengeId(),
                terms.credentialHash(),
                terms.paymentId(),
                terms.wallet(),
                keyThumbprint,
                terms.payee(),
                terms.route(),
                terms.method(),
                terms.currency(),
                terms.amount(),
                terms.expires().toEpochMilli(),
                terms.repeatable(),
                upfront,
                createdAt);
    }

    private Reserved whyNoHold(Session session, HoldRequest request, long now) throws SQLException {
        Reserved why = session.first(
                Sql.HOLD_LIMITS,
                row -> {
                    Wallet.Status status = Rows.status(row);
                    if (status != Wallet.Status.ACTIVE) {
                        return new WalletUnusable(
                                status == Wallet.Status.FROZEN
                                        ? WalletUnusable.Why.FROZEN
                                        : WalletUnusable.Why.SUSPENDED);
                    }
                    if (row.getLong("version") != request.walletVersion()) {
                        return new WalletUnusable(WalletUnusable.Why.KEY_CHANGED);
                    }
                    if (row.getLong("holds") >= maxHolds) {
                        return new Reserved.TooManyHolds(Duration.ofSeconds(1));
                    }
                    return new Reserved.TooManyReleases(Duration.ofMillis(MINUTE - Math.floorMod(now, MINUTE)));
                },
                request.terms().wallet());
        return why == null ? new WalletUnusable(WalletUnusable.Why.UNKNOWN) : why;
    }

    private static @Nullable Reserved setAside(Session session, ChargeTerms terms, boolean upfront, long now)
            throws SQLException {
        long amount = terms.amount();
        int rows = upfront
                ? session.update(Sql.TAKE, amount, terms.wallet(), terms.currency(), amount)
                : session.update(Sql.SET_ASIDE, amount, amount, terms.wallet(), terms.currency(), amount);
        if (rows == 0) {
            Account account = session.first(Sql.ACCOUNT, Rows::account, terms.wallet(), terms.currency());
            return new Reserved.InsufficientFunds(account == null ? 0 : account.available());
        }
        (upfront ? Posting.captureUpfront(terms, now) : Posting.hold(terms, now)).insertOnce(session);
        return null;
    }
}

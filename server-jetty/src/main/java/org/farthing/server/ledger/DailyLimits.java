package org.farthing.server.ledger;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;
import org.farthing.server.ledger.Operation.Step;
import org.jspecify.annotations.Nullable;

/**
 * What a wallet may spend in a day (UTC), and what it has spent of it. Amounts of all currency ids of a code count together,
 * scaled exactly (T78). Whoever calls holds the lock on the wallet's row, so reading and then writing is one step.
 */
final class DailyLimits {

    private static final long DAY = Duration.ofDays(1).toMillis();

    /** Days that are remembered, for clocks that are set back. */
    private static final long REMEMBERED = 7;

    /** One limit and what is spent of it on the day asked for; null if nothing is noted for that day. */
    private record Limit(Money perDay, @Nullable Money spent) {

        static Limit of(ResultSet row) throws SQLException {
            String code = row.getString("code");
            String spent = row.getString("spent");
            return new Limit(stored(row.getString("per_day"), code), spent == null ? null : stored(spent, code));
        }

        String code() {
            return perDay.code();
        }
    }

    private DailyLimits() {}

    /** Reads a limit as people write it. */
    static Money money(String code, String perDay) {
        try {
            return Money.parse(perDay + " " + code);
        } catch (MalformedException e) {
            throw new IllegalArgumentException(
                    "a daily limit is a decimal number and a currency code, such as 5.00 and usd: " + e.getMessage(),
                    e);
        }
    }

    static long day(long millis) {
        return Math.floorDiv(millis, DAY);
    }

    // ---- what payments do

    /** Counts a hold, or refuses it. */
    static @Nullable Reserved spend(Session session, ChargeTerms terms, long now) throws SQLException {
        String wallet = terms.wallet();
        long today = day(now);
        List<Limit> limits = session.all(LimitSql.LIMITS, Limit::of, today, wallet);
        if (limits.isEmpty() || terms.amount() == 0) {
            return null;
        }
        Money amount = worth(terms.amount(), terms.currency());
        for (Limit limit : limits) {
            if (limit.code().equals(amount.code())) {
                return spend(session, wallet, limit, amount, today);
            }
        }
        return null;
    }

    private static @Nullable Reserved spend(Session session, String wallet, Limit limit, Money amount, long today)
            throws SQLException {
        String code = limit.code();
        Money before = limit.spent();
        Money sum = (before == null ? beforeFirst(session, wallet, code, today) : before).plus(amount);
        if (sum.compareTo(limit.perDay()) > 0) {
            return new Reserved.LimitExceeded(code, text(limit.perDay()), end(today));
        }
        if (before == null) {
            insertSpent(session, wallet, today, sum);
        } else {
            setSpent(session, wallet, today, sum);
        }
        return null;
    }

    /** A day of which nothing is noted begins with nothing, unless a clock was set back to it. */
    private static Money beforeFirst(Session session, String wallet, String code, long today) throws SQLException {
        return session.exists(LimitSql.LATER_DAY, wallet, code, today)
                ? spent(session, wallet, code, today)
                : Money.zero(code);
    }

    private static void insertSpent(Session session, String wallet, long day, Money spent) throws SQLException {
        session.update(LimitSql.FORGET_DAYS, wallet, spent.code(), day - REMEMBERED);
        String number = plain(spent);
        String hash = spentHash(wallet, spent.code(), day, number);
        session.updateOne(LimitSql.INSERT_SPENT, wallet, spent.code(), day, number, hash);
    }

    private static void setSpent(Session session, String wallet, long day, Money spent) throws SQLException {
        String number = plain(spent);
        String hash = spentHash(wallet, spent.code(), day, number);
        session.updateOne(LimitSql.SET_SPENT, number, hash, wallet, spent.code(), day);
    }

    /** Counts less for the day of the hold. That the books of a limit are wrong keeps no money from going back. */
    static void giveBack(Session session, Charge charge, long amount) throws SQLException {
        if (amount == 0) {
            return;
        }
        String wallet = charge.terms().wallet();
        long day = day(charge.createdAt().toEpochMilli());
        for (Limit limit : session.all(LimitSql.LIMITS, Limit::of, day, wallet)) {
            Money back = worth(amount, charge.terms().currency());
            Money spent = limit.spent();
            if (spent != null && limit.code().equals(back.code())) {
                Money left = spent.compareTo(back) < 0 ? Money.zero(back.code()) : spent.minus(back);
                setSpent(session, wallet, day, left);
            }
        }
    }

    /** What the charges of a day say that a wallet spent. */
    static Money spent(Session session, String wallet, String code, long day) throws SQLException {
        long from = day * DAY;
        Money[] sum = {Money.zero(code)};
        session.each(
                LimitSql.SPENT,
                row -> {
                    CurrencyId currency = new CurrencyId(row.getString("currency"));
                    if (currency.code().equals(code)) {
                        BigDecimal value = row.getBigDecimal("spent").movePointLeft(currency.exponent());
                        sum[0] = sum[0].plus(new Money(value, code));
                    }
                },
                wallet,
                from,
                wallet,
                from,
                from + DAY);
        return sum[0];
    }

    // ---- what owners do

    static Operation<WalletResult> set(String wallet, String code, @Nullable String perDay, boolean mayRaise) {
        Money wanted = perDay == null ? null : money(code, perDay);
        return (session, now) -> {
            if (session.update(LimitSql.LOCK_WALLET, wallet) == 0) {
                return Step.discard(new WalletResult.Unknown());
            }
            Money was = session.first(LimitSql.PER_DAY, row -> stored(row.getString(1), code), wallet, code);
            if (wanted == null ? was == null : wanted.equals(was)) {
                return Step.discard(new WalletResult.Unchanged(Wallets.require(session, wallet)));
            }
            boolean raises = was != null && (wanted == null || wanted.compareTo(was) > 0);
            if (raises && !mayRaise) {
                return Step.discard(
                        new WalletResult.Refused("a daily limit is raised or removed with the recovery key only"));
            }
            if (wanted == null) {
                session.update(LimitSql.FORGET_DAYS, wallet, code, Long.MAX_VALUE);
                session.updateOne(LimitSql.REMOVE, wallet, code);
            } else if (was == null) {
                insert(session, wallet, wanted, now);
            } else {
                String number = plain(wanted);
                session.updateOne(LimitSql.SET_PER_DAY, number, limitHash(wallet, code, number), wallet, code);
            }
            session.updateOne(LimitSql.NOTE_LIMITS, wallet);
            return Step.keep(new WalletResult.Changed(Wallets.require(session, wallet)));
        };
    }

    static void insertAll(Session session, WalletRegistration registration, long now) throws SQLException {
        for (Map.Entry<String, String> limit : registration.dailyLimits().entrySet()) {
            insert(session, registration.id(), money(limit.getKey(), limit.getValue()), now);
        }
        if (!registration.dailyLimits().isEmpty()) {
            session.updateOne(LimitSql.NOTE_LIMITS, registration.id());
        }
    }

    private static void insert(Session session, String wallet, Money perDay, long now) throws SQLException {
        String code = perDay.code();
        String number = plain(perDay);
        session.updateOne(LimitSql.INSERT, wallet, code, number, limitHash(wallet, code, number));
        insertSpent(session, wallet, day(now), spent(session, wallet, code, day(now)));
    }

    static Operation<List<DailyLimit>> read(String wallet) {
        return (session, now) -> {
            long today = day(now);
            List<DailyLimit> limits = session.all(
                    LimitSql.LIMITS,
                    row -> {
                        Limit limit = Limit.of(row);
                        Money spent = limit.spent() == null ? Money.zero(limit.code()) : limit.spent();
                        return new DailyLimit(limit.code(), text(limit.perDay()), text(spent), end(today));
                    },
                    today,
                    wallet);
            return Step.discard(limits);
        };
    }

    // ---- numbers

    static Money worth(long amount, String currency) {
        return Money.of(Amount.of(amount), new CurrencyId(currency));
    }

    private static Instant end(long day) {
        return Instant.ofEpochMilli((day + 1) * DAY);
    }

    static Money stored(String number, String code) {
        return new Money(new BigDecimal(number), code);
    }

    static String limitHash(String wallet, String code, String perDay) {
        return RowHash.of("wallet_limit", wallet, code, perDay);
    }

    static String spentHash(String wallet, String code, long day, String spent) {
        return RowHash.of("wallet_spend", wallet, code, day, spent);
    }

    /** For the store: digits and a point. */
    private static String plain(Money money) {
        return money.value().toPlainString();
    }

    /** For people: at least the usual decimals. */
    private static String text(Money money) {
        String written = money.format();
        return written.substring(0, written.indexOf(' '));
    }
}

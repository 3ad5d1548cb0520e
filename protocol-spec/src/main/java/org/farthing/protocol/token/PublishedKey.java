package org.farthing.protocol.token;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Members;

/**
 * A token key as its issuer publishes it: what its tokens are worth, and until when what may be done with them (F-TK-19,
 * F-TK-20). The whole second of a deadline still counts.
 *
 * @param key the public key
 * @param value what each of its tokens is worth, more than zero
 * @param currency what the value counts
 * @param notBefore from when anything may be done
 * @param notAfter until when tokens are signed
 * @param spendUntil until when payees take them
 * @param redeemUntil until when the issuer takes them from payees
 * @param swapUntil until when the issuer changes them for tokens of another key; after that they are worth nothing
 */
public record PublishedKey(
        TokenKey key,
        Amount value,
        CurrencyId currency,
        Instant notBefore,
        Instant notAfter,
        Instant spendUntil,
        Instant redeemUntil,
        Instant swapUntil) {

    /** The members of the issuer directory for these deadlines, in their order. */
    private static final List<String> DEADLINES =
            List.of("not-before", "not-after", "spend-until", "redeem-until", "swap-until");

    /** The end of the year 9999. */
    private static final long LAST_SECOND = 253_402_300_799L;

    /**
     * Checks value and deadlines.
     *
     * @param key as described at the record
     * @param value as described at the record
     * @param currency as described at the record
     * @param notBefore as described at the record
     * @param notAfter as described at the record
     * @param spendUntil as described at the record
     * @param redeemUntil as described at the record
     * @param swapUntil as described at the record
     * @throws IllegalArgumentException if the value is zero, or the deadlines are not whole seconds that rise: out of
     *     order they would let a token be spent and swapped too (T69)
     */
    public PublishedKey {
        if (value.equals(Amount.ZERO)) {
            throw new IllegalArgumentException("a token is worth more than nothing");
        }
        List<Instant> deadlines = List.of(notBefore, notAfter, spendUntil, redeemUntil, swapUntil);
        for (int i = 0; i < deadlines.size(); i++) {
            Instant deadline = deadlines.get(i);
            boolean whole = deadline.getNano() == 0;
            if (!whole || deadline.getEpochSecond() < 0 || deadline.getEpochSecond() > LAST_SECOND) {
                throw new IllegalArgumentException(DEADLINES.get(i) + " is in whole seconds of the years 1970 to 9999");
            }
            if (i > 0 && !deadlines.get(i - 1).isBefore(deadline)) {
                throw new IllegalArgumentException(DEADLINES.get(i - 1) + " is before " + DEADLINES.get(i));
            }
        }
    }

    /**
     * Tells whether the issuer signs tokens of it.
     *
     * @param now the time
     * @return whether {@code not-before} has come and {@code not-after} has not passed
     */
    public boolean sellableAt(Instant now) {
        return within(now, notAfter);
    }

    /**
     * Tells whether payees take tokens of it.
     *
     * @param now the time
     * @return whether {@code not-before} has come and {@code spend-until} has not passed
     */
    public boolean spendableAt(Instant now) {
        return within(now, spendUntil);
    }

    /**
     * Tells whether the issuer takes tokens of it from payees.
     *
     * @param now the time
     * @return whether {@code not-before} has come and {@code redeem-until} has not passed
     */
    public boolean redeemableAt(Instant now) {
        return within(now, redeemUntil);
    }

    /**
     * Tells whether tokens of it are changed at all, by whoever has authority over them.
     *
     * @param now the time
     * @return whether {@code not-before} has come and {@code swap-until} has not passed
     */
    public boolean swappableAt(Instant now) {
        return within(now, swapUntil);
    }

    /**
     * Tells whether the issuer alone has authority over origin-bound tokens of it, because no payee can redeem one any
     * more (T69).
     *
     * @param now the time
     * @return whether {@code redeem-until} has passed and {@code swap-until} has not
     */
    public boolean issuerAloneAt(Instant now) {
        return isOver(redeemUntil, now) && !isOver(swapUntil, now);
    }

    private boolean within(Instant now, Instant until) {
        return !now.isBefore(notBefore) && !isOver(until, now);
    }

    /** In whole seconds, as ledgers compare them: two that disagreed would both have authority for a moment, or neither. */
    private static boolean isOver(Instant deadline, Instant now) {
        return now.getEpochSecond() > deadline.getEpochSecond();
    }

    static PublishedKey parse(Members members) throws MalformedException {
        String where = members.where();
        TokenKey key = TokenKey.parse(TokenForms.paddedOrNot(members.text("token-key"), where + ".token-key"));
        Amount value = Amount.parse(members.text("value"), where + ".value");
        CurrencyId currency = CurrencyId.parse(members.text("currency"), where + ".currency");
        Instant[] deadlines = new Instant[DEADLINES.size()];
        for (int i = 0; i < deadlines.length; i++) {
            deadlines[i] = members.seconds(DEADLINES.get(i));
        }
        return TokenForms.build(
                where,
                () -> new PublishedKey(
                        key, value, currency, deadlines[0], deadlines[1], deadlines[2], deadlines[3], deadlines[4]));
    }

    Map<String, Object> toMap() {
        Map<String, Object> members = new TreeMap<>();
        members.put("token-type", (long) TokenBytes.TYPE);
        members.put("token-key", TokenForms.padded(key.spki()));
        members.put("value", value.format());
        members.put("currency", currency.text());
        List<Instant> deadlines = List.of(notBefore, notAfter, spendUntil, redeemUntil, swapUntil);
        for (int i = 0; i < deadlines.size(); i++) {
            members.put(DEADLINES.get(i), deadlines.get(i).getEpochSecond());
        }
        return members;
    }
}

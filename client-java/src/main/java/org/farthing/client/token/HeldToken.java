package org.farthing.client.token;

import java.time.Instant;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.token.TokenSerial;

/**
 * A token as its owner may see it: all but the token itself.
 *
 * @param serial names it and pays nothing
 * @param scope where it can be spent
 * @param value what it is worth
 * @param currency the currency id of the value
 * @param spendUntil when payees stop taking it
 * @param swapUntil when nobody takes it any more
 * @param state what may be done with it
 */
public record HeldToken(
        TokenSerial serial,
        TokenScope scope,
        Amount value,
        CurrencyId currency,
        Instant spendUntil,
        Instant swapUntil,
        State state) {

    /** What may be done with a token. */
    public enum State {
        /** It can be spent. */
        READY,
        /** It belongs to one payment, or one swap, whose end is not known yet. */
        RESERVED,
        /** Others have seen it, and it was not taken: it is swapped and never spent (T70). */
        EXPOSED,
        /** It is used up. */
        SPENT
    }

    /**
     * Tells whether it is still money.
     *
     * @param now the time
     * @return false if it is used up, or nobody takes it any more
     */
    public boolean isWorth(Instant now) {
        return state != State.SPENT && !now.isAfter(swapUntil);
    }
}

package org.farthing.server.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token that a captured charge was paid with, to be presented to its issuer.
 *
 * @param seq its number, rising in the order of the charges
 * @param issuer the origin that must redeem it
 * @param payee the origin that accepted it
 * @param used its key and serial
 * @param token its bytes
 * @param value what it is worth, in base units
 * @param currency the currency id
 * @param redeemUntil until when the issuer redeems it
 * @param state where it stands
 * @param attempts how often it was given out, this time included
 * @param notBefore when it is due (again)
 * @param result what the issuer said last, or null
 */
@SuppressWarnings("ArrayRecordComponent") // copied, and compared by nobody
public record TokenUpload(
        long seq,
        String issuer,
        String payee,
        UsedToken used,
        byte[] token,
        long value,
        String currency,
        Instant redeemUntil,
        State state,
        int attempts,
        Instant notBefore,
        @Nullable String result) {

    /** Where a token stands. One that the issuer has redeemed is not kept. */
    public enum State {
        /** Its charge is not captured yet. */
        HELD,
        /** Not presented yet, or not answered yet. */
        WAITING,
        /** The issuer refused it: somebody must look (T61). */
        FAILED,
        /** Refused, and given up by the operator. */
        WRITTEN_OFF
    }

    /**
     * Copies the bytes.
     *
     * @param seq as the record says
     * @param issuer as the record says
     * @param payee as the record says
     * @param used as the record says
     * @param token as the record says
     * @param value as the record says
     * @param currency as the record says
     * @param redeemUntil as the record says
     * @param state as the record says
     * @param attempts as the record says
     * @param notBefore as the record says
     * @param result as the record says
     */
    public TokenUpload {
        token = token.clone();
    }

    /**
     * Returns a copy of the bytes.
     *
     * @return the token
     */
    @Override
    public byte[] token() {
        return token.clone();
    }

    /** Leaves the token out. */
    @Override
    public String toString() {
        return "TokenUpload[" + seq + " of " + issuer + ", " + value + " " + currency + ", " + state + "]";
    }
}

package org.farthing.client.token;

import java.time.Instant;
import org.farthing.client.token.HeldToken.State;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenSerial;

/**
 * A token with all that the purse knows of it.
 *
 * @param counter which of its key's and scope's tokens it is
 * @param before what it was before it was reserved
 * @param owner the payment or swap it is reserved for; empty if it is not reserved
 * @param from for an exposed one: since when nobody else may have a claim on it by a payment that was given back
 */
record Coin(
        TokenScope scope,
        PublishedKey key,
        long counter,
        BlindToken token,
        State state,
        State before,
        String owner,
        Instant from) {

    static Coin of(TokenScope scope, PublishedKey key, long counter, BlindToken token, State state, Instant from) {
        return new Coin(scope, key, counter, token, state, state, "", from);
    }

    TokenSerial serial() {
        return token.serial();
    }

    long value() {
        return key.value().baseUnits();
    }

    Coin reservedFor(String by) {
        return new Coin(scope, key, counter, token, State.RESERVED, state, by, from);
    }

    /** What it was before somebody reserved it. */
    Coin free() {
        return as(before, from);
    }

    Coin as(State next, Instant since) {
        return of(scope, key, counter, token, next, since);
    }

    HeldToken held() {
        return new HeldToken(serial(), scope, key.value(), key.currency(), key.spendUntil(), key.swapUntil(), state);
    }

    /** Nothing of the token. */
    @Override
    public String toString() {
        return "Coin[" + serial().text() + ", " + state + "]";
    }
}

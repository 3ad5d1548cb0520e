package org.farthing.server.collect;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.farthing.protocol.internal.Sha256;
import org.farthing.protocol.wallet.ServicePayment;
import org.farthing.protocol.wallet.ServicePayment.State;
import org.jspecify.annotations.Nullable;

/**
 * What a wallet service says of very many payments, in few bytes each: by a hash of the token, a hash of the terms, and the
 * amounts. For one thread.
 */
final class ServiceTable {

    /** Zero is an empty place. */
    private static final byte HELD = 1;

    private static final byte CAPTURED = 2;
    private static final byte RELEASED = 3;
    private static final byte EXPIRED = 4;
    private static final byte SEEN = 64;

    private long[] tokens = new long[1024];
    private long[] terms = new long[1024];
    private long[] captured = new long[1024];
    private long[] refunded = new long[1024];
    private byte[] states = new byte[1024];
    private int size;

    /** What is kept of one payment. */
    record Row(State state, long captured, long refunded, boolean sameTerms) {}

    /** Adds a payment; false if its token is there already. */
    boolean add(ServicePayment payment) {
        if (size * 2 >= tokens.length) {
            grow();
        }
        long token = hash(payment.tokenId());
        int at = slot(token);
        if (states[at] != 0) {
            return false;
        }
        put(
                at,
                token,
                termsOf(
                        payment.challengeId(),
                        payment.tokenId(),
                        payment.currency().text(),
                        payment.amount().baseUnits()),
                payment.captured().baseUnits(),
                payment.refunded().baseUnits(),
                code(payment.state()));
        size++;
        return true;
    }

    /** Finds a payment, and notes that it was found. */
    @Nullable
    Row find(String challengeId, String tokenId, String currency, long amount) {
        int at = slot(hash(tokenId));
        if (states[at] == 0) {
            return null;
        }
        State state = state(states[at]);
        states[at] |= SEEN;
        return new Row(state, captured[at], refunded[at], terms[at] == termsOf(challengeId, tokenId, currency, amount));
    }

    /** Tells whether a payment was found before. */
    boolean wasFound(String tokenId) {
        return (states[slot(hash(tokenId))] & SEEN) != 0;
    }

    int size() {
        return size;
    }

    private static byte code(State state) {
        return switch (state) {
            case HELD -> HELD;
            case CAPTURED -> CAPTURED;
            case RELEASED -> RELEASED;
            case EXPIRED -> EXPIRED;
        };
    }

    private static State state(byte code) {
        return switch (code & ~SEEN) {
            case HELD -> State.HELD;
            case CAPTURED -> State.CAPTURED;
            case RELEASED -> State.RELEASED;
            default -> State.EXPIRED;
        };
    }

    private int slot(long token) {
        int at = (int) (token & (tokens.length - 1));
        while (states[at] != 0 && tokens[at] != token) {
            at = (at + 1) & (tokens.length - 1);
        }
        return at;
    }

    private void put(int at, long token, long term, long got, long back, byte state) {
        tokens[at] = token;
        terms[at] = term;
        captured[at] = got;
        refunded[at] = back;
        states[at] = state;
    }

    private void grow() {
        long[] oldTokens = tokens;
        long[] oldTerms = terms;
        long[] oldCaptured = captured;
        long[] oldRefunded = refunded;
        byte[] oldStates = states;
        int length = Math.multiplyExact(tokens.length, 2);
        tokens = new long[length];
        terms = new long[length];
        captured = new long[length];
        refunded = new long[length];
        states = new byte[length];
        for (int i = 0; i < oldTokens.length; i++) {
            if (oldStates[i] != 0) {
                put(slot(oldTokens[i]), oldTokens[i], oldTerms[i], oldCaptured[i], oldRefunded[i], oldStates[i]);
            }
        }
    }

    private static long termsOf(String challengeId, String tokenId, String currency, long amount) {
        return hash(String.join("\n", Arrays.asList(challengeId, tokenId, currency, Long.toString(amount))));
    }

    private static long hash(String text) {
        return ByteBuffer.wrap(Sha256.of(text.getBytes(StandardCharsets.UTF_8))).getLong();
    }
}

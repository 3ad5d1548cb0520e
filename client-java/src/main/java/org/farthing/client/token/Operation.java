package org.farthing.client.token;

import java.time.Instant;
import java.util.List;
import org.farthing.protocol.token.TokenSerial;

/**
 * A purchase, swap or refund whose counters are used up, on disk before anything of it left. Everything that is sent for it follows
 * from this record and the seed, so it can be sent again, byte for byte, by whoever finds it.
 *
 * @param id the purse's own name of it
 * @param at when it began
 * @param ranges the tokens that are asked for
 * @param inputs the tokens that are given for them; none but for a swap or a recall
 * @param about the payment that is given back, by its owner; empty but for a refund
 */
record Operation(
        String id,
        Kind kind,
        Instant at,
        TokenScope scope,
        List<Range> ranges,
        List<TokenSerial> inputs,
        String about) {

    /** What it is. */
    enum Kind {
        PURCHASE,
        SWAP,
        REFUND,
        RECALL
    }

    /** Tokens of one key: {@code count} counters from {@code first} on. */
    record Range(String keyId, long first, int count) {

        /** The counter behind the last one. */
        long end() {
            return first + count;
        }
    }

    Operation {
        ranges = List.copyOf(ranges);
        inputs = List.copyOf(inputs);
    }

    int size() {
        return ranges.stream().mapToInt(Range::count).sum();
    }
}

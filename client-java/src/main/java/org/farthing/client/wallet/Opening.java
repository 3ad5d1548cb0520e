package org.farthing.client.wallet;

import java.util.List;
import org.farthing.protocol.Money;
import org.farthing.protocol.signature.VerificationKey;
import org.jspecify.annotations.Nullable;

/**
 * What a wallet is opened with besides its key (spec/wallets.md).
 *
 * @param recovery the public half of the recovery key, or null for a wallet without one
 * @param dailyLimits the most it may spend in a day, for each currency at most one
 */
public record Opening(@Nullable VerificationKey recovery, List<Money> dailyLimits) {

    /** No recovery key and no limits: a wallet at a payee with a ledger of its own. */
    public static final Opening PLAIN = new Opening(null, List.of());

    /**
     * Copies the list.
     *
     * @param recovery as described at the record
     * @param dailyLimits as described at the record
     */
    public Opening {
        dailyLimits = List.copyOf(dailyLimits);
    }
}

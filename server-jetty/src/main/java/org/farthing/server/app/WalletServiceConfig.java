package org.farthing.server.app;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.farthing.protocol.Money;
import org.farthing.protocol.binding.Origin;
import org.farthing.server.keys.KeyFiles;

/**
 * How a {@link RunningWalletService} runs.
 *
 * @param store the ledger; made if there is none
 * @param keys the key folder
 * @param listening where it listens
 * @param payees whom it makes payments to, besides those registered before
 * @param dailyLimit what a new wallet may spend in a day unless its owner opens it with another limit; or
 *     empty
 * @param topUpPage where a person tops up a wallet; or empty
 * @param clock the time of tokens, keys and the ledger
 */
record WalletServiceConfig(
        StoreAddress store,
        KeyFiles keys,
        Listening listening,
        List<Origin> payees,
        Optional<Money> dailyLimit,
        Optional<String> topUpPage,
        InstantSource clock) {

    WalletServiceConfig {
        payees = List.copyOf(payees);
    }
}

package org.farthing.server.mint;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.token.TokenRequest;
import org.farthing.server.ledger.Issuance;
import org.farthing.server.ledger.Ledger;

/** Sells signatures for wallet money (specification: token-mint.md, F-TK-79 to F-TK-85). */
final class Selling {

    private final Setup setup;
    private final Ledger ledger;
    private final KeyKeeper keys;
    private final MintWorkers workers;

    Selling(Setup setup, KeyKeeper keys, MintWorkers workers) {
        this.setup = setup;
        this.ledger = setup.ledger();
        this.keys = keys;
        this.workers = workers;
    }

    /** What they cost, if they are for sale and none was signed before. */
    CompletionStage<Amount> price(List<TokenRequest> requests, boolean bundle) {
        return requireNew(forSale(requests, bundle)).thenApply(Messages::total);
    }

    /** The same checks again, and the signatures, which must not leave before the ledger has noted the issuance (F-TK-83). */
    CompletionStage<Sale> sell(List<TokenRequest> requests, boolean bundle, Amount paid, CurrencyId currency) {
        Messages messages = forSale(requests, bundle);
        if (!paid.equals(messages.total()) || !currency.equals(setup.currency())) {
            throw new IllegalStateException("what was paid is not what these messages cost");
        }
        return requireNew(messages)
                .thenCompose(fresh -> workers.run(
                        () -> new Sale(fresh.sign(), new Issuance(setup.issuer().text(), fresh.issued()))));
    }

    private Messages forSale(List<TokenRequest> requests, boolean bundle) {
        Messages messages =
                Messages.of(keys.ring(), requests).requireOnSale(setup.clock().instant());
        if (bundle && setup.bundles().stream().noneMatch(sold -> sold.tokens().equals(messages.composition()))) {
            throw Refusals.unusable(
                    "These values are none of the bundles that the directory publishes, token by token.");
        }
        return messages;
    }

    private CompletionStage<Messages> requireNew(Messages messages) {
        return ledger.tokens().issued(messages.issued()).thenApply(before -> {
            if (!before.isEmpty()) {
                throw Refusals.issuedBefore(setup, before);
            }
            return messages;
        });
    }
}

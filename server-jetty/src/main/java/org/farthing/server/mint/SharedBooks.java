package org.farthing.server.mint;

import java.util.Optional;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.server.token.AcceptedIssuer;

/**
 * A mint as payees see it that keep their books in its ledger: its keys are registered there, and nothing is owed.
 *
 * @param origin the issuer
 * @param keys what it lists
 */
record SharedBooks(Origin origin, KeyKeeper keys) implements AcceptedIssuer {

    @Override
    public Optional<IssuerDirectory> directory() {
        return keys.ring().directory();
    }

    @Override
    public boolean sharesLedger() {
        return true;
    }

    /** Nothing is exposed: the money of a token is in these books since it was sold. */
    @Override
    public long exposureLimit(CurrencyId currency, Amount amount) {
        return Amount.MAX.baseUnits();
    }
}

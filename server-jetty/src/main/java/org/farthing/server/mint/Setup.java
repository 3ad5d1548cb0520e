package org.farthing.server.mint;

import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.Bundle;
import org.farthing.protocol.token.Denominations;
import org.farthing.protocol.token.IssuerDirectory;
import org.farthing.protocol.token.IssuerLinks;
import org.farthing.protocol.token.PublishedKey;
import org.farthing.protocol.token.TokenSecretKey;
import org.farthing.server.ledger.Ledger;

/**
 * How a mint is configured.
 *
 * @param issuer its origin
 * @param ledger its books
 * @param keys where its keys come from
 * @param currency what its tokens are worth is counted in
 * @param denominations the values it makes keys for
 * @param bundles what it sells at once
 * @param life the deadlines of keys it makes
 * @param rotates whether it makes keys
 * @param sharing the payees whose books these are, too
 * @param anyPayee whether tokens that name no payee are changed
 * @param clock the time
 * @param maker makes a key
 * @param alarm hears what the operator must know
 */
record Setup(
        Origin issuer,
        Ledger ledger,
        MintKeys keys,
        CurrencyId currency,
        Denominations denominations,
        List<Bundle> bundles,
        KeyLife life,
        boolean rotates,
        Set<Origin> sharing,
        boolean anyPayee,
        InstantSource clock,
        Supplier<TokenSecretKey> maker,
        Consumer<MintAlarm> alarm) {

    IssuerLinks links() {
        return IssuerLinks.at(issuer);
    }

    IssuerDirectory directory(List<PublishedKey> listed) {
        return IssuerDirectory.of(issuer, links(), listed, bundles);
    }
}

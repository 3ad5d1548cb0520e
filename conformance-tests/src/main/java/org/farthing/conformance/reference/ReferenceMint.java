package org.farthing.conformance.reference;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.eclipse.jetty.server.Handler;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.Denominations;
import org.farthing.server.jetty.MintHandler;
import org.farthing.server.jetty.PaymentHandlerBuilder;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.mint.Mint;
import org.farthing.server.mint.MintKeys;
import org.jspecify.annotations.Nullable;

/** The issuer of the reference server's tokens. It has the books of the pages, so it swaps at any time. */
final class ReferenceMint {

    private static final String KEYS = "token-keys";
    private static final CurrencyId CURRENCY = new CurrencyId("usd.e6");
    /** 0.0005 dollars, and so on: most pages cost one token. */
    private static final Denominations VALUES = new Denominations(List.of(500L, 1000L, 2000L, 4000L));
    /** A suite asks far more than any customer. */
    private static final int REQUESTS_PER_MINUTE = 60_000;

    private ReferenceMint() {}

    /** The mint, if there is to be one. */
    static @Nullable Mint open(
            ReferenceSettings settings, ReferenceFolder folder, List<Origin> origins, Ledger ledger) {
        Function<Path, MintKeys> source = settings.mint();
        if (source == null) {
            return null;
        }
        MintKeys keys = source.apply(folder.file(KEYS));
        var mint = Mint.builder(origins.get(0), ledger, keys, CURRENCY, VALUES).clock(settings.clock());
        origins.forEach(mint::sharing);
        return mint.build();
    }

    /** Its routes, paid as the paywall says, around everything else. */
    static Handler routes(
            Mint mint, PaymentHandlerBuilder paywall, ReferenceSettings settings, Handler everythingElse) {
        return MintHandler.builder(mint, paywall)
                .clock(settings.clock())
                .requestsPerMinute(REQUESTS_PER_MINUTE)
                .handler(everythingElse)
                .build();
    }
}

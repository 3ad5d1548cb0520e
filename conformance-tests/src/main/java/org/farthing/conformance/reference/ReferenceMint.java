package org.farthing.conformance.reference;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.eclipse.jetty.server.Handler;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.token.BlindToken;
import org.farthing.protocol.token.Denominations;
import org.farthing.protocol.token.TokenChallenge;
import org.farthing.server.jetty.MintHandler;
import org.farthing.server.jetty.PaymentHandlerBuilder;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.mint.Mint;
import org.farthing.server.token.AcceptedTokens;
import org.farthing.server.trust.KeyDocuments;
import org.jspecify.annotations.Nullable;

/**
 * The issuer of the reference server's tokens. It has the books of the pages, so it swaps theirs at any time, and knows one payee
 * with books of its own.
 *
 * @param mint the issuer
 * @param documents the keys of its payees
 * @param payee the payee with books of its own
 * @param expired file with a token that was not spent in time
 */
record ReferenceMint(Mint mint, KeyDocuments documents, ReferencePayee payee, Path expired) implements AutoCloseable {

    private static final String KEYS = "token-keys";
    private static final String EXPIRED = "expired.token";
    private static final CurrencyId CURRENCY = new CurrencyId("usd.e6");
    /** 0.0005 dollars, and so on: most pages cost one token. */
    private static final Denominations VALUES = new Denominations(List.of(500L, 1000L, 2000L, 4000L));
    /** A suite asks far more than any customer. */
    private static final int REQUESTS_PER_MINUTE = 60_000;

    /** The issuer of these origins' pages, if there is to be one. */
    static @Nullable ReferenceMint open(
            ReferenceSettings settings, ReferenceFolder folder, Loopback at, List<Origin> pages, Ledger ledger)
            throws IOException {
        ReferenceTokenKeys.Source source = settings.mint();
        if (source == null) {
            return null;
        }
        ReferenceTokenKeys keys = source.at(folder.file(KEYS), settings.clock().instant());
        var mint = Mint.builder(pages.get(0), ledger, keys.keys(), CURRENCY, VALUES)
                .clock(settings.clock());
        pages.forEach(mint::sharing);
        ReferencePayee payee = ReferencePayee.in(folder, at.another());
        BlindToken expired = keys.expired(TokenChallenge.forPayee(pages.get(0), pages.get(0)));
        folder.write(EXPIRED, BlindToken.formatAll(List.of(expired)) + "\n");
        return new ReferenceMint(mint.build(), KeyDocuments.open(settings.clock(), true), payee, folder.file(EXPIRED));
    }

    /** Its tokens, for the pages. */
    AcceptedTokens accepted() {
        return AcceptedTokens.of(mint.acceptedIssuer());
    }

    /** Its routes, paid as the paywall says, around everything else. */
    Handler routes(PaymentHandlerBuilder paywall, ReferenceSettings settings, Handler everythingElse) {
        Handler issuing = MintHandler.builder(mint, paywall)
                .clock(settings.clock())
                .payees(documents)
                .requestsPerMinute(REQUESTS_PER_MINUTE)
                .handler(everythingElse)
                .build();
        return new Handler.Sequence(payee.document(), issuing);
    }

    @Override
    public void close() {
        documents.close();
    }
}

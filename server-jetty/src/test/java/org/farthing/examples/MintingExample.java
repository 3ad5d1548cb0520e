package org.farthing.examples;

import java.util.List;
import java.util.Map;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.token.Denominations;
import org.farthing.server.jetty.KeysHandler;
import org.farthing.server.jetty.MintHandler;
import org.farthing.server.jetty.PaymentHandler;
import org.farthing.server.jetty.PaymentHandlerBuilder;
import org.farthing.server.jetty.WalletHandler;
import org.farthing.server.keys.ServerKeys;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.mint.Mint;
import org.farthing.server.mint.MintKeys;
import org.farthing.server.token.AcceptedTokens;

/** A Jetty server that sells tokens and takes them for its documents. */
final class MintingExample {

    private MintingExample() {}

    static void mint(
            Server server,
            Origin origin,
            ServerKeys keys,
            SigningKey key,
            MintKeys tokenKeys,
            Ledger ledger,
            Handler documents) {
        // readme: begin
        Denominations values = new Denominations(List.of(500L, 1000L, 2000L, 4000L, 8000L, 16_000L));
        Mint mint = Mint.builder(origin, ledger, tokenKeys, new CurrencyId("usd.e6"), values)
                .bundle(Map.of(500L, 4, 1000L, 4, 2000L, 4, 4000L, 5, 16_000L, 1)) // 0.05 USD, sold at once
                .sharing(origin) // its tokens are spent here, in the same books
                .build();
        PaymentHandler paid = PaymentHandler.builder(origin.text())
                .keys(key)
                .secrets(keys.secrets())
                .ledger(ledger)
                .tokens(AcceptedTokens.of(mint.acceptedIssuer()))
                .price("/docs/*", "0.002usd")
                .loopback()
                .build(documents);
        PaymentHandlerBuilder sales = PaymentHandler.builder(origin.text())
                .keys(key)
                .secrets(keys.secrets())
                .loopback();
        Handler shop = MintHandler.builder(mint, sales).handler(paid).build();
        Handler wallets = WalletHandler.builder(origin, ledger).handler(shop).build();
        server.setHandler(new KeysHandler(keys.directory(origin), wallets));
        // readme: end
    }
}

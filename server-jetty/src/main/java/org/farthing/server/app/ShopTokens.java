package org.farthing.server.app;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Handler;
import org.farthing.protocol.binding.Origin;
import org.farthing.server.jetty.MintHandler;
import org.farthing.server.jetty.PaymentHandler;
import org.farthing.server.jetty.PaymentHandlerBuilder;
import org.farthing.server.jetty.RemoteTokens;
import org.farthing.server.keys.MintKeyFiles;
import org.farthing.server.keys.ServerKeys;
import org.farthing.server.ledger.Ledger;
import org.farthing.server.ledger.Payee;
import org.farthing.server.mint.Mint;
import org.farthing.server.mint.MintBuilder;
import org.farthing.server.mint.MintKeys;
import org.farthing.server.token.AcceptedTokens;
import org.farthing.server.token.RemoteIssuer;
import org.farthing.server.trust.KeyDocuments;
import org.jspecify.annotations.Nullable;

/**
 * The blind tokens of a shop: its mint, if it has one, and the paywall's word that it takes them. What is opened here closes
 * with it.
 */
final class ShopTokens implements AutoCloseable {

    private final ShopConfig config;
    private final Origin origin;
    private final @Nullable Mint mint;
    private final @Nullable KeyDocuments documents;

    private ShopTokens(ShopConfig config, Origin origin, @Nullable Mint mint, @Nullable KeyDocuments documents) {
        this.config = config;
        this.origin = origin;
        this.mint = mint;
        this.documents = documents;
    }

    /** Refuses payees that cannot be credited, before anything is made. */
    static void check(ShopConfig config, Origin origin) {
        if (config.tokens().orElse(null) instanceof TokenTrade.OwnMint own) {
            own.payees().forEach(payee -> requireCreditable(payee, origin));
        }
    }

    /** Makes the mint, which starts with its handler. */
    static ShopTokens of(ShopConfig config, Origin origin, Ledger ledger) {
        if (!(config.tokens().orElse(null) instanceof TokenTrade.OwnMint own)) {
            return new ShopTokens(config, origin, null, null);
        }
        TokenValues values = own.values();
        MintBuilder builder = Mint.builder(
                        origin,
                        ledger,
                        MintKeys.in(MintKeyFiles.in(own.keys())),
                        values.currency(),
                        values.denominations())
                .sharing(origin)
                .clock(config.clock());
        for (Map<Long, Integer> bundle : values.bundles()) {
            builder.bundle(bundle);
        }
        return new ShopTokens(config, origin, builder.build(), KeyDocuments.open(config.clock(), !origin.isHttps()));
    }

    private static void requireCreditable(Origin payee, Origin mint) {
        if (payee.equals(mint)) {
            throw new CommandFailedException(
                    "--token-payee names this server itself, whose books are the mint's anyway; name another server.");
        }
        if (!payee.isHttps() && !(payee.isLoopback() && !mint.isHttps())) {
            throw new CommandFailedException("The payee " + payee + " has a plain http origin, which only counts on a"
                    + " loopback address and for a mint on one. Name its https origin.");
        }
    }

    /** Lets payees be credited. To be called once the server's threads run, which carry the ledger's answers. */
    void admitPayees(Ledger ledger) {
        if (config.tokens().orElse(null) instanceof TokenTrade.OwnMint own) {
            own.payees().forEach(payee -> admit(payee, ledger));
        }
    }

    /** A payee that is registered stays as it is; the keys of a new one are fetched when it first presents something. */
    private static void admit(Origin payee, Ledger ledger) {
        if (ledger.payees().find(payee.text()).toCompletableFuture().join().isEmpty()) {
            ledger.payees()
                    .put(payee.text(), false, Payee.Status.ACTIVE, null)
                    .toCompletableFuture()
                    .join();
        }
    }

    /** Lets the paywall take tokens. */
    void acceptAt(PaymentHandler paywall) {
        TokenTrade trade = config.tokens().orElse(null);
        if (mint != null && trade != null) {
            paywall.setTokens(AcceptedTokens.of(mint.acceptedIssuer()).withMaxTokens(trade.maxTokens()));
        } else if (trade instanceof TokenTrade.OfAnother other) {
            paywall.setRemoteTokens(new RemoteTokens(
                    other.issuer(),
                    other.maxTokens(),
                    false,
                    config.services().exposure(),
                    RemoteIssuer.DEFAULT_MAX_AGE,
                    other.uploadEvery()));
        }
    }

    /** Puts the mint's routes around the rest. */
    Handler around(Handler rest, Supplier<ServerKeys> keys) {
        if (mint == null || documents == null) {
            return rest;
        }
        PaymentHandlerBuilder paywall = PaymentHandler.builder(origin.text())
                .keys(keys)
                .clock(config.clock())
                .admission(config.limits().admission(config.clock()));
        if (!origin.isHttps()) {
            paywall.loopback();
        }
        if (config.tlsProxy()) {
            paywall.tlsProxy();
        }
        MintHandler.Builder routes = MintHandler.builder(mint, paywall)
                .payees(documents)
                .clock(config.clock())
                .handler(rest);
        config.limits().clientName().ifPresent(name -> {
            paywall.clientName(name);
            routes.clientName(name);
        });
        return routes.build();
    }

    /** Whether customers of this shop change their tokens here because it alone knows which it took. */
    boolean passesSwapsOn() {
        return config.tokens().orElse(null) instanceof TokenTrade.OfAnother;
    }

    /** What is done with tokens, for people. */
    Optional<String> words() {
        return config.tokens().map(trade -> {
            if (trade instanceof TokenTrade.OwnMint own) {
                return "Blind tokens are taken, and sold for " + own.values().sums() + " at once: farthing tokens buy "
                        + origin;
            }
            return "Blind tokens of " + ((TokenTrade.OfAnother) trade).issuer()
                    + " are taken, and presented there while this runs.";
        });
    }

    @Override
    public void close() {
        if (documents != null) {
            documents.close();
        }
    }
}

package org.farthing.server.app;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.farthing.protocol.binding.Origin;
import org.farthing.server.jetty.AcceptedServices;
import org.farthing.server.keys.KeyFiles;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link DocumentShop} sells, and how. Made by {@link #builder}.
 *
 * @param folder the folder whose files are sold
 * @param store the ledger; made if there is none
 * @param keys the key folder
 * @param price what a file costs, such as {@code 0.002usd}
 * @param prices what some cost instead: path spec to price
 * @param free path specs that cost nothing
 * @param bind the address to listen on
 * @param port the port, or 0 for any free one
 * @param origin the public origin; empty for {@code http://BIND:PORT} on a loopback address
 * @param tlsProxy whether a TLS proxy on another machine is in front
 * @param services the wallet services whose receipts are taken too, and how far they are trusted
 * @param tokens whose blind tokens are taken, and whether they are sold here; empty for none
 * @param limits who has to wait
 * @param clock the time of challenges, keys and the ledger
 */
record ShopConfig(
        Path folder,
        StoreAddress store,
        KeyFiles keys,
        String price,
        Map<String, String> prices,
        List<String> free,
        String bind,
        int port,
        Optional<Origin> origin,
        boolean tlsProxy,
        AcceptedServices services,
        Optional<TokenTrade> tokens,
        RequestLimits limits,
        InstantSource clock) {

    ShopConfig {
        prices = Map.copyOf(prices);
        free = List.copyOf(free);
    }

    /** Where the shop listens. */
    Listening listening() {
        return new Listening(bind, port, origin, tlsProxy);
    }

    /** Starts from the defaults: any free port of 127.0.0.1, nothing free, the system's clock. */
    static Builder builder(Path folder, Path store, KeyFiles keys, String price) {
        return builder(folder, StoreAddress.of(store), keys, price);
    }

    /** The same, with any store. */
    static Builder builder(Path folder, StoreAddress store, KeyFiles keys, String price) {
        return new Builder(folder, store, keys, price);
    }

    /** Collects a configuration. */
    static final class Builder {

        private final Path folder;
        private final StoreAddress store;
        private final KeyFiles keys;
        private final String price;
        private final Map<String, String> prices = new LinkedHashMap<>();
        private final List<String> free = new ArrayList<>();
        private String bind = "127.0.0.1";
        private int port;
        private @Nullable Origin origin;
        private boolean tlsProxy;
        private AcceptedServices services = AcceptedServices.none();
        private @Nullable TokenTrade tokens;
        private RequestLimits limits = RequestLimits.USUAL;
        private InstantSource clock = InstantSource.system();

        private Builder(Path folder, StoreAddress store, KeyFiles keys, String price) {
            this.folder = folder;
            this.store = store;
            this.keys = keys;
            this.price = price;
        }

        /** Sets the price of some files: an exact path, {@code /folder/*} or {@code *.suffix}. */
        Builder price(String path, String amount) {
            prices.put(path, amount);
            return this;
        }

        /** Leaves some files free: an exact path, {@code /folder/*} or {@code *.suffix}. */
        Builder free(String path) {
            free.add(path);
            return this;
        }

        Builder listen(String address, int number) {
            bind = address;
            port = number;
            return this;
        }

        Builder listening(Listening where) {
            origin = where.origin().orElse(null);
            tlsProxy = where.tlsProxy();
            return listen(where.bind(), where.port());
        }

        Builder services(AcceptedServices accepted) {
            services = accepted;
            return this;
        }

        Builder tokens(TokenTrade trade) {
            tokens = trade;
            return this;
        }

        Builder limits(RequestLimits requests) {
            limits = requests;
            return this;
        }

        Builder clock(InstantSource source) {
            clock = source;
            return this;
        }

        ShopConfig build() {
            return new ShopConfig(
                    folder,
                    store,
                    keys,
                    price,
                    prices,
                    free,
                    bind,
                    port,
                    Optional.ofNullable(origin),
                    tlsProxy,
                    services,
                    Optional.ofNullable(tokens),
                    limits,
                    clock);
        }
    }
}

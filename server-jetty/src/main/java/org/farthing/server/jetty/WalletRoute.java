package org.farthing.server.jetty;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A route of the ledger (specification: wallets.md, Routes) and the wallet it names.
 *
 * @param kind which route
 * @param wallet the wallet id in the path; empty where there is none
 */
record WalletRoute(Kind kind, String wallet) {

    /** The routes. */
    enum Kind {
        /** {@code POST /v1/wallets}: opens a wallet. */
        OPEN("POST"),
        /** {@code GET /v1/wallets/{id}}: its accounts. */
        SHOW("GET"),
        /** {@code GET /v1/wallets/{id}/statement}: its transfers. */
        STATEMENT("GET"),
        /** {@code POST /v1/wallets/{id}/topups}: credits it. */
        TOP_UP("POST");

        /** The one method of the route. */
        final String method;

        Kind(String method) {
            this.method = method;
        }
    }

    private static final String ROOT = "/v1/wallets";

    /** Wallet ids are compared as whole texts (F-WA-4); this only keeps other texts from the ledger. */
    private static final Pattern ONE = Pattern.compile(ROOT + "/(w_[A-Za-z0-9_-]{22})(/statement|/topups)?");

    /** Tells whether a path belongs to the ledger, whether or not there is a route. */
    static boolean owns(String path) {
        return path.equals(ROOT) || path.startsWith(ROOT + "/");
    }

    /** Finds the route of a path, or null if there is none. */
    static @Nullable WalletRoute of(String path) {
        if (path.equals(ROOT)) {
            return new WalletRoute(Kind.OPEN, "");
        }
        Matcher one = ONE.matcher(path);
        if (!one.matches()) {
            return null;
        }
        String rest = one.group(2);
        Kind kind = rest == null ? Kind.SHOW : rest.equals("/statement") ? Kind.STATEMENT : Kind.TOP_UP;
        return new WalletRoute(kind, one.group(1));
    }
}

package org.farthing.server.jetty;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.farthing.protocol.wallet.CaptureBatch;
import org.farthing.protocol.wallet.PaymentSubmission;

/**
 * A route of the ledger (specification: wallets.md, Routes; wallet-service.md) and what its path names.
 *
 * @param kind which route
 * @param subject the wallet id or challenge id in the path; empty where there is none
 */
record WalletRoute(Kind kind, String subject) {

    private static final int USUAL_BODY = 16 * 1024;

    /** Wallet ids are compared as whole texts (F-WA-4); this only keeps other texts from the ledger. */
    private static final String WALLET = "/v1/wallets/(w_[A-Za-z0-9_-]{22})";

    /** F-WS-3. */
    private static final String PAYMENT = "/v1/payments/([A-Za-z0-9_-]{1,64})";

    /** The routes. */
    enum Kind {
        /** Opens a wallet. */
        OPEN("POST", "/v1/wallets", USUAL_BODY),
        /** A wallet's accounts. */
        SHOW("GET", WALLET, USUAL_BODY),
        /** A wallet's transfers. */
        STATEMENT("GET", WALLET + "/statement", USUAL_BODY),
        /** Credits a wallet. */
        TOP_UP("POST", WALLET + "/topups", USUAL_BODY),
        /** Sets a wallet's daily limit. */
        LIMITS("POST", WALLET + "/limits", USUAL_BODY),
        /** Freezes a wallet, or thaws it. */
        FREEZE("POST", WALLET + "/freeze", USUAL_BODY),
        /** Adds or revokes a wallet's key. */
        KEYS("POST", WALLET + "/keys", USUAL_BODY),
        /** Has a challenge paid. */
        PAY("POST", "/v1/payments", PaymentSubmission.MAX_BYTES),
        /** What became of a payment. */
        PAYMENT_STATE("GET", PAYMENT, USUAL_BODY),
        /** Frees a payment's money by the payee's release statement. */
        PAYMENT_RELEASE("POST", PAYMENT + "/release", USUAL_BODY),
        /** Collects and gives back, for a payee. */
        SETTLE("POST", "/v1/captures", CaptureBatch.MAX_BYTES),
        /** A payee's payments. */
        PAYEE_PAYMENTS("GET", "/v1/captures", USUAL_BODY),
        /** Gives collected money back, for a payee. */
        REFUND("POST", "/v1/refunds", USUAL_BODY),
        /** Registers a payee. */
        REGISTER_PAYEE("POST", "/v1/payees", USUAL_BODY),
        /** The registered payees. */
        LIST_PAYEES("GET", "/v1/payees", USUAL_BODY);

        /** The one method of the route. */
        final String method;

        /** The longest body in bytes (F-WA-27, F-WS-1). */
        final int longestBody;

        private final Pattern path;

        Kind(String method, String path, int longestBody) {
            this.method = method;
            this.path = Pattern.compile(path);
            this.longestBody = longestBody;
        }

        /** Tells whether the route is a wallet service's alone. */
        boolean isService() {
            return compareTo(PAY) >= 0;
        }
    }

    private static final List<String> WALLETS = List.of("/v1/wallets");
    private static final List<String> ALL =
            List.of("/v1/wallets", "/v1/payments", "/v1/captures", "/v1/refunds", "/v1/payees");

    /** Tells whether a path belongs to the ledger, whether or not there is a route. */
    static boolean owns(String path, boolean service) {
        for (String root : service ? ALL : WALLETS) {
            if (path.equals(root) || path.startsWith(root + "/")) {
                return true;
            }
        }
        return false;
    }

    /** What {@code Allow} says of the routes of a path. */
    static String methods(List<WalletRoute> routes) {
        return routes.stream().map(route -> route.kind().method).collect(Collectors.joining(", "));
    }

    /** How many bytes a request with this method may have. */
    static int longestBody(List<WalletRoute> routes, String method) {
        return routes.stream()
                .filter(route -> route.kind().method.equals(method))
                .mapToInt(route -> route.kind().longestBody)
                .max()
                .orElse(0);
    }

    /** Finds the routes of a path, one for each method it has; empty if there are none. */
    static List<WalletRoute> at(String path, boolean service) {
        List<WalletRoute> routes = new ArrayList<>(2);
        for (Kind kind : Kind.values()) {
            Matcher matcher = kind.path.matcher(path);
            if ((service || !kind.isService()) && matcher.matches()) {
                routes.add(new WalletRoute(kind, matcher.groupCount() == 0 ? "" : matcher.group(1)));
            }
        }
        return routes;
    }
}

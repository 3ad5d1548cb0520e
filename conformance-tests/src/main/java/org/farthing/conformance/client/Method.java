package org.farthing.conformance.client;

import java.util.Map;
import java.util.TreeMap;

/**
 * How the scripted server wants to be paid.
 *
 * @param name the method of payment
 * @param intent the intent
 * @param request the members of {@code request} in a good offer; without {@code recipient} where that is the server's origin
 * @param dear members of {@code request} that make an offer dearer than the command may pay
 */
record Method(String name, String intent, Map<String, Object> request, Map<String, Object> dear) {

    /** Farthing's own method, which the suite knows to the last byte: 0.01 USD, and 1 000 000 USD where it is dear. */
    static final Method WALLET = new Method(
            "wallet",
            "charge",
            Map.of("amount", "10000", "currency", "usd.e6", "methodDetails", Map.of("capture", "exact")),
            Map.of("amount", "1000000000000"));

    /** The name of Farthing's method for blind tokens; what its requests hold depends on the issuer. */
    static final String TOKEN = "token";

    Method {
        request = Map.copyOf(request);
        dear = Map.copyOf(dear);
    }

    /** Whether the suite knows the method: what a request holds, how an offer is signed, how a proof is checked. */
    boolean isWallet() {
        return name.equals("wallet") && intent.equals("charge");
    }

    /** Whether challenges and receipts of the method are signed. */
    boolean isSigned() {
        return isWallet() || (name.equals(TOKEN) && intent.equals("charge"));
    }

    /** The members of a good request to be paid at an origin, which stands for {@code {origin}} in their texts. */
    Map<String, Object> requestAt(String origin) {
        Map<String, Object> members = new TreeMap<>(request);
        members.replaceAll((name, value) -> value instanceof String text ? text.replace("{origin}", origin) : value);
        if (isWallet()) {
            members.putIfAbsent("recipient", origin);
        }
        return members;
    }
}

package org.farthing.conformance.reference;

import java.util.List;
import java.util.Locale;
import org.farthing.server.offer.CredentialField;
import org.farthing.server.offer.Offer;

/** A page of the reference server: one for each situation the server suite asks about. */
enum ReferencePage {
    /** The usual one. */
    PAID("paid", "GET", "one page", "0.001usd"),
    /** Takes a body, which the challenge is bound to. */
    PAID_POST("paidPost", "POST", "one order", "0.001usd"),
    /** Costs the same as {@link #PAID} and is another page. */
    TWIN("twin", "GET", "another page", "0.001usd"),
    /** Costs a hundred times as much. */
    DEAR("dear", "GET", "a dear page", "0.1usd"),
    /** Costs nothing. */
    FREE("free", "GET", "a free page"),
    /** Priced, and the application says 404. */
    MISSING("missing", "GET", "a page that is not there", "0.001usd"),
    /** Priced, and the application fails. */
    FAILING("failing", "GET", "a page that fails", "0.001usd"),
    /** Priced, and the application refuses the request. */
    DENIED("denied", "GET", "a page nobody may see", "0.001usd"),
    /** For who is signed in; what that is here, see {@link ReferenceApplication#LOGIN}. */
    SIGNED_IN("signedIn", "GET", "a page for members", "0.001usd"),
    /** Two currencies to choose from. */
    SEVERAL("several", "GET", "a page in two currencies", "0.001usd", "0.001eur"),
    /** For applications that need {@code Authorization} themselves. */
    OWN_AUTHORIZATION("ownAuthorization", "GET", "a page for who is signed in", "0.001usd"),
    /** Its challenges live for seconds. */
    SHORT("short", "GET", "a page with little time", "0.001usd"),
    /** A long answer. */
    LARGE("large", "GET", "a long page", "0.001usd"),
    /** Takes a while, so that requests meet. */
    SLOW("slow", "GET", "a page that takes a while", "0.001usd"),
    /** Costs more than the wallet has. */
    UNAFFORDABLE("unaffordable", "GET", "a page nobody can pay", "1000000usd"),
    /** Takes two tokens. */
    TOKEN_SUM("tokenSum", "GET", "a page for two tokens", "0.0025usd"),
    /** Takes one token, also by scheme {@code PrivateToken}. */
    PRIVATE_TOKEN("privateToken", "GET", "a page for one token", "0.001usd"),
    /** How often {@link #PAID} was made. */
    COUNTER("counter", "GET", "how often /paid was made"),
    /** How often {@link #PAID_POST} was made. */
    COUNTER_POST("counterPost", "GET", "how often /paid-post was made");

    private final String word;
    private final String method;
    private final String sold;

    @SuppressWarnings("ImmutableEnumChecker") // the list of List.of
    private final List<String> prices;

    ReferencePage(String word, String method, String sold, String... prices) {
        this.word = word;
        this.method = method;
        this.sold = sold;
        this.prices = List.of(prices);
    }

    /** Its name in the suite's configuration. */
    String word() {
        return word;
    }

    /** How it is asked for. */
    String method() {
        return method;
    }

    /** What it sells. */
    String sold() {
        return sold;
    }

    /** Where it is. */
    String path() {
        return "/" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Its prices, such as {@code 0.001usd}. */
    List<String> prices() {
        return prices;
    }

    /** Whether it costs anything. */
    boolean isPriced() {
        return !prices.isEmpty();
    }

    /** What may be paid for it. */
    List<Offer> offers() {
        return prices.stream().map(this::offer).toList();
    }

    private Offer offer(String price) {
        Offer.Builder offer = Offer.of(price).description(sold);
        if (this == OWN_AUTHORIZATION || this == SIGNED_IN) {
            offer.credentialField(CredentialField.PAYMENT_AUTHORIZATION);
        }
        if (this == DEAR || this == UNAFFORDABLE) {
            // No few tokens are worth as much.
            offer.methods("wallet", "coupon");
        }
        if (this == PRIVATE_TOKEN) {
            offer.otherSchemes();
        }
        if (this == PAID) {
            offer.description("de", "eine Seite");
        }
        if (this == LARGE) {
            offer.holdLimit(1 << 20);
        }
        return offer.build();
    }
}

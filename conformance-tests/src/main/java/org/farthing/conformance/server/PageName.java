package org.farthing.conformance.server;

import java.util.Arrays;
import java.util.Optional;

/** The pages cases ask for. What a site does not have is not checked, and the report says how to have it checked. */
public enum PageName {
    /** Priced, answers 2xx to GET once it is paid. */
    PAID("paid", "a priced page that answers 2xx to GET once it is paid"),
    /** Priced, takes a body. */
    PAID_POST("paidPost", "a priced page that takes a POST with a body and answers 2xx once it is paid"),
    /** As {@link #PAID}, at another URL. */
    TWIN("twin", "a page like \"paid\", with the same price, at another URL"),
    /** As {@link #PAID}, at a higher price. */
    DEAR("dear", "a page like \"paid\" with a higher price"),
    /** Not priced. */
    FREE("free", "a page that costs nothing"),
    /** Priced, and not there. */
    MISSING("missing", "a priced URL at which there is nothing, so that the application answers 404"),
    /** Priced, and its application fails. */
    FAILING("failing", "a priced page whose application answers 500 after it was paid"),
    /** Priced, and its application denies whoever paid. */
    DENIED("denied", "a priced page that answers 403 to whoever paid, because a policy says so"),
    /** Needs an identity, and a payment after that. */
    SIGNED_IN("signedIn", "a priced page that needs a login first and answers 401 without one"),
    /** Several offers. */
    SEVERAL("several", "a priced page with two or more challenges in its 402"),
    /** Has its own use for {@code Authorization}. */
    OWN_AUTHORIZATION(
            "ownAuthorization",
            "a priced page whose challenge says header=\"Payment-Authorization\"; put the login it needs into its \"fields\""),
    /** Its challenges expire soon. */
    SHORT("short", "a priced page whose challenges expire within 30 seconds"),
    /** Has much to say. */
    LARGE("large", "a priced page whose answer is long, 256 KiB or more"),
    /** Takes its time. */
    SLOW("slow", "a priced page whose application needs about a second"),
    /** Counts. */
    COUNTER(
            "counter",
            "a free page that says, as a number and nothing else, how often the application of \"paid\" ran"),
    /** Counts what was posted. */
    COUNTER_POST(
            "counterPost",
            "a free page that says, as a number and nothing else, how often the application of \"paidPost\" ran"),
    /** Of another realm. */
    OTHER_REALM("otherRealm", "the absolute URL of a priced page of another realm with the same secret and price"),
    /** More than the payer has. */
    UNAFFORDABLE("unaffordable", "a priced page that costs more than the payer has"),
    /** Several tokens. */
    TOKEN_SUM("tokenSum", "a page like \"paid\" whose price takes two or more tokens of method token"),
    /** One token, also without this scheme. */
    PRIVATE_TOKEN(
            "privateToken",
            "a priced page whose price is one token of method token and that takes it by scheme PrivateToken, too");

    private final String word;
    private final String what;

    PageName(String word, String what) {
        this.word = word;
        this.what = what;
    }

    /** Its name in the config. */
    public String word() {
        return word;
    }

    /** What it must be, as words after "needs". */
    public String what() {
        return what;
    }

    /** The page of a name. */
    public static Optional<PageName> of(String word) {
        return Arrays.stream(values()).filter(name -> name.word.equals(word)).findFirst();
    }
}

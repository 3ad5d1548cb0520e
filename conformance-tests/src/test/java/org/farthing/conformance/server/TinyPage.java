package org.farthing.conformance.server;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The pages of {@link TinyPayee}, named as the suite's configuration names them. */
enum TinyPage {
    PAID("paid", 1_000),
    PAID_POST("paidPost", 1_000),
    TWIN("twin", 1_000),
    DEAR("dear", 100_000),
    FREE("free", 0),
    MISSING("missing", 1_000),
    FAILING("failing", 1_000),
    DENIED("denied", 1_000),
    SIGNED_IN("signedIn", 1_000),
    SEVERAL("several", 1_000),
    OWN_AUTHORIZATION("ownAuthorization", 1_000),
    SHORT("short", 1_000),
    LARGE("large", 1_000),
    SLOW("slow", 1_000),
    COUNTER("counter", 0),
    COUNTER_POST("counterPost", 0),
    UNAFFORDABLE("unaffordable", 1_000_000_000_000L);

    private final String word;
    private final long price;

    TinyPage(String word, long price) {
        this.word = word;
        this.price = price;
    }

    static Optional<TinyPage> at(String path) {
        return Arrays.stream(values()).filter(page -> page.path().equals(path)).findFirst();
    }

    String word() {
        return word;
    }

    long price() {
        return price;
    }

    boolean isPriced() {
        return price > 0;
    }

    /** Whether it is asked for by POST, with a body. */
    boolean takesBody() {
        return this == PAID_POST;
    }

    /** Whether the application needs {@code Authorization} for itself. */
    boolean ownsAuthorization() {
        return List.of(OWN_AUTHORIZATION, SIGNED_IN).contains(this);
    }

    String path() {
        return "/" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

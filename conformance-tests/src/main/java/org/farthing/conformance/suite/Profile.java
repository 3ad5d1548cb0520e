package org.farthing.conformance.suite;

import java.util.Locale;

/** Whose rules a case checks. Each profile contains the ones before it. */
public enum Profile {
    /** The IETF Payment scheme, whatever the method of payment. */
    CORE,
    /** Farthing's method {@code wallet}: orders, receipt tokens, signed challenges and receipts, outcomes. */
    WALLET,
    /** Farthing's method {@code token}: blind tokens, their issuer, and the scheme {@code PrivateToken}. */
    TOKEN;

    /** Whether a run of this profile has the cases of another. */
    public boolean includes(Profile other) {
        return compareTo(other) >= 0;
    }

    /** The name as it is typed. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

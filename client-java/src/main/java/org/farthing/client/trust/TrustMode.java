package org.farthing.client.trust;

/** Which origins may be paid, as far as trust in them goes (spec/keys.md, F-KY-60 and F-KY-63). */
public enum TrustMode {
    /** An origin that was never seen is believed what it says of itself, and pinned when it is first paid. */
    FIRST_USE,
    /** Only origins that are pinned already are paid. */
    LISTED_ONLY
}

package org.farthing.client.trust;

import java.util.Collections;
import org.farthing.client.trust.OriginPins.Pin;
import org.farthing.protocol.binding.Origin;

/**
 * An origin that is not what it was when it was pinned: everything a person needs to decide whether to go on trusting it
 * (spec/keys.md, F-KY-64).
 *
 * @param origin the origin
 * @param before what is pinned
 * @param now what it is now
 * @param kind what weighs most
 */
public record TrustChange(Origin origin, Pin before, Pin now, Kind kind) {

    /** What changed. */
    public enum Kind {
        /** Another payee gets the money; its keys may be others too. */
        PAYEE,
        /** None of the pinned keys is listed any more. */
        KEYS,
        /** It signed, or its keys are pinned, and now it does not sign. Nobody is asked about that: it is not paid. */
        UNSIGNED
    }

    /**
     * Says it in one sentence. The payee's name is the server's own text.
     *
     * @return words without thumbprints, which are in {@link #before} and {@link #now}
     */
    public String words() {
        return switch (kind) {
            case PAYEE ->
                "the payee of " + origin + " was " + before.payee() + " and is " + now.payee() + " now"
                        + (keepsAKey() ? "" : ", and it lists none of the keys it had");
            case KEYS -> origin + " lists none of the keys it had before";
            case UNSIGNED ->
                (before.source() == OriginPins.Source.OWNER
                                ? "the keys of " + origin + " are pinned"
                                : origin + " signed before")
                        + ", and this challenge is not signed";
        };
    }

    /**
     * Tells whether a pinned key is still listed.
     *
     * @return false also where none was pinned
     */
    public boolean keepsAKey() {
        return !Collections.disjoint(before.thumbprints(), now.thumbprints());
    }
}

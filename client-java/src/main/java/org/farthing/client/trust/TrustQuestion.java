package org.farthing.client.trust;

import org.farthing.protocol.binding.Origin;

/**
 * Asks the owner whether an origin that changed is still to be trusted. The default answer is no. It is called before
 * anything is counted or signed, outside every lock.
 */
@FunctionalInterface
public interface TrustQuestion {

    /** The default: an origin that changed is not paid. */
    TrustQuestion REFUSE = (origin, change) -> false;

    /**
     * Decides. An exception counts as no.
     *
     * @param origin the origin
     * @param change what is different now from what was pinned, in words
     * @return true to trust the origin as it is now, and pin that
     */
    boolean trust(Origin origin, String change);
}

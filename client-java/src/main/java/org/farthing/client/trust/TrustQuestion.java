package org.farthing.client.trust;

/**
 * Asks the owner whether an origin that changed is still to be trusted. The default answer is no. It is called before
 * anything is counted or signed, outside every lock.
 */
@FunctionalInterface
public interface TrustQuestion {

    /** The default: an origin that changed is not paid. */
    TrustQuestion REFUSE = change -> false;

    /**
     * Decides. An exception counts as no.
     *
     * @param change what is different now from what was pinned; its kind is {@link TrustChange.Kind#PAYEE} or
     *     {@link TrustChange.Kind#KEYS}
     * @return true to trust the origin as it is now; that is pinned if the payment comes about
     */
    boolean trust(TrustChange change);
}

/**
 * Tells wallet services what the ledger's outbox says they must be told, so that the payee gets what it earned
 * (specification: wallet-service.md, "Collecting").
 *
 * <p>{@link org.farthing.server.collect.CaptureCourier} carries the items; {@link org.farthing.server.collect.ServiceCalls} is
 * how it speaks to a service, over the network with {@link org.farthing.server.collect.SignedServiceCalls}. Uses
 * {@code ledger} and {@code gate}; the Jetty handlers start it, and anybody who runs a gate of his own may.
 */
@NullMarked
package org.farthing.server.collect;

import org.jspecify.annotations.NullMarked;

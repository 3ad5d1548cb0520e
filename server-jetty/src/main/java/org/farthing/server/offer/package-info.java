/**
 * What is for sale: an {@link org.farthing.server.offer.Offer} says what one answer costs and how it is charged, a {@link
 * org.farthing.server.offer.PriceList} finds the offer for a request, {@link org.farthing.server.offer.RequestFacts} is all
 * that the gate and a payment method may know of a request.
 *
 * <p>Everything here is immutable and safe to share. Nothing blocks or does I/O. Anybody may call this package; it knows the
 * protocol and Jetty's path specs, and nothing of ledger, methods, gate or handlers.
 */
@NullMarked
package org.farthing.server.offer;

import org.jspecify.annotations.NullMarked;

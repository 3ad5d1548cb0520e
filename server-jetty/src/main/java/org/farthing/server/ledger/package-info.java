/**
 * The books: who has how much, which challenge was used for what, and what was answered. {@link
 * org.farthing.server.ledger.Ledger} is the interface the payment gate drives and other stores implement; {@link
 * org.farthing.server.ledger.HoldRequest} starts a charge, {@link org.farthing.server.ledger.HoldRef} is the fenced right to
 * finish it, {@link org.farthing.server.ledger.Charge} says where it stands. The package knows nothing of HTTP, of
 * signatures or of prices: amounts are whole base units of a currency that is only a name here.
 */
@NullMarked
package org.farthing.server.ledger;

import org.jspecify.annotations.NullMarked;

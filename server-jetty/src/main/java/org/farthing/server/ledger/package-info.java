/**
 * The books: who has how much, which challenge was used for what, and what was answered. {@link
 * org.farthing.server.ledger.Ledger} is the interface the payment gate drives and other stores implement; {@link
 * org.farthing.server.ledger.HoldRequest} starts a charge, {@link org.farthing.server.ledger.HoldRef} is the fenced right to
 * finish it, {@link org.farthing.server.ledger.Charge} says where it stands. Where a wallet service vouches for the money
 * ({@link org.farthing.server.ledger.Backing}), {@link org.farthing.server.ledger.Outbox} has what it must be told; a wallet
 * service's own ledger keeps {@link org.farthing.server.ledger.ServicePayments} and {@link
 * org.farthing.server.ledger.Payees}. The package knows nothing of HTTP, of signatures or of prices: amounts are whole base
 * units of a currency that is only a name here, but for the daily limits of wallets, which count all spellings of a currency
 * together.
 */
@NullMarked
package org.farthing.server.ledger;

import org.jspecify.annotations.NullMarked;

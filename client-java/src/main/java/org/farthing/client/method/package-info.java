/**
 * How a payment is proved: a {@link org.farthing.client.method.PaymentMethod} reads what a challenge asks and signs the
 * credential; it neither decides nor counts nor sends. {@link org.farthing.client.method.WalletOrders} pays from a wallet
 * at the payee's own ledger, {@link org.farthing.client.method.WalletReceipts} through a wallet service of the purse.
 *
 * <p>Programs may bring methods of their own. The package uses the purse and {@code org.farthing.protocol}.
 */
@NullMarked
package org.farthing.client.method;

import org.jspecify.annotations.NullMarked;

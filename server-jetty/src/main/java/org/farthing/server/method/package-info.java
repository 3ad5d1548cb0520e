/**
 * How a proof of payment is verified: the SPI {@link org.farthing.server.method.PaymentMethod}, and the methods built in.
 *
 * <p>A method says what goes into a challenge's {@code request} and whether a credential's proof authorises it. It moves no
 * money and keeps no state of payments: the gate does, with the ledger. Third parties add rails here; nothing in the gate
 * knows a method by name.
 *
 * <p>Uses {@code offer} and {@code ledger}; the gate uses this package. Anybody may call or implement it.
 */
@NullMarked
package org.farthing.server.method;

import org.jspecify.annotations.NullMarked;

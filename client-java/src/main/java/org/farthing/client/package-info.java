/**
 * The paying client: {@link org.farthing.client.PayingClient} sends a request, and where the answer is 402 it pays, within
 * what its owner allowed, and sends again.
 *
 * <pre>{@code
 * Purse purse = Purse.open(directory);
 * PayingClient client = PayingClient.builder(purse, policy).build();
 * PaidResponse<String> answer = client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
 * }</pre>
 *
 * <p>How the pieces fit: {@code purse} has the keys, {@code budget} the limits and the journal of every payment,
 * {@code trust} the payees' keys and what was pinned of them, {@code method} the ways to prove a payment, {@code wallet} the
 * routes of a ledger; {@code jetty} pays in front of another HTTP library, through {@link org.farthing.client.PaymentEngine}.
 * This package makes them one payment: check, ask, count, sign, send, and find out what became of it.
 *
 * <p>Guarantees: no payment without a policy, none above it, whatever a server says; at most one payment by itself for one
 * request; the answer always reaches the caller. Not promised: that what was paid for is worth it.
 */
@NullMarked
package org.farthing.client;

import org.jspecify.annotations.NullMarked;

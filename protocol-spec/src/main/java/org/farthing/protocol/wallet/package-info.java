/**
 * What a wallet signs and what is signed about it: the payer's order, the wallet service's receipt token, the payee's
 * release statement, and the short token with which callers prove themselves to a ledger. Beside them the bodies of the
 * routes of ledgers and wallet services, each a value with one strict reader and one canonical writer, for both sides.
 *
 * <p>Reading and verifying are two steps everywhere: {@code parse} makes a value that is well formed and nothing more,
 * {@code verify} says whether it counts. The key comes from the verifier's own records, never from the message.
 *
 * <p>Anybody may call this package. It stands on {@code signature}, {@code binding}, the nouns and {@code internal}. Values
 * are immutable and shareable; nothing blocks, reads a clock or does I/O. Rules: spec/wallet-order.md,
 * spec/receipt-token.md, spec/wallet-request.md,
 * spec/wallets.md, spec/wallet-service.md.
 */
@NullMarked
package org.farthing.protocol.wallet;

import org.jspecify.annotations.NullMarked;

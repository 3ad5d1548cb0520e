/**
 * Payment with blind tokens, as the payee sees it: what it offers for them and how it verifies them, without asking anybody
 * (spec/token-payment.md).
 *
 * <p>Uses {@code offer}, {@code ledger} and {@code method}. Who issues tokens implements {@link
 * org.farthing.server.token.AcceptedIssuer}; the gate knows nothing of this package.
 */
@NullMarked
package org.farthing.server.token;

import org.jspecify.annotations.NullMarked;

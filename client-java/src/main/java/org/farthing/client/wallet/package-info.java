/**
 * The routes of a ledger for the owner of a wallet: open it, look at it, read its statement, fill it up (spec/wallets.md).
 *
 * <p>Anybody may call this package. It uses the purse and the module's HTTP parts, and has nothing to do with paying.
 */
@NullMarked
package org.farthing.client.wallet;

import org.jspecify.annotations.NullMarked;

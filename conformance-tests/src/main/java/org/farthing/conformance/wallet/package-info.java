/**
 * The suite for wallet services: opens wallets, fills them, pays two payees it plays itself, collects, and tries what a thief
 * would (specification: wallet-service.md, wallets.md, wallet-request.md). {@code WalletSite} is the service that is checked,
 * {@code Teller} a case's way to talk to it.
 */
@NullMarked
package org.farthing.conformance.wallet;

import org.jspecify.annotations.NullMarked;

/**
 * Tokens bought ahead with a wallet and spent without saying who spends them (spec/token-client.md):
 * {@link org.farthing.client.token.BlindTokens} buys, lists, swaps and restores them,
 * {@link org.farthing.client.token.BlindTokenMethod} pays with them.
 *
 * <p>It stands on the paying client, which pays for purchases, and on the purse, whose seed every token follows from; what it
 * writes, it writes before anything leaves. Nothing below knows it.
 */
@NullMarked
package org.farthing.client.token;

import org.jspecify.annotations.NullMarked;

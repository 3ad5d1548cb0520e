package org.farthing.server.ledger;

import org.jspecify.annotations.Nullable;

/**
 * A registered key.
 *
 * @param terms what it stands for
 * @param closed why nothing of it is sold, spent, exchanged or redeemed any more; null while it is in use
 */
public record TokenKeyState(TokenKeyTerms terms, @Nullable String closed) {}

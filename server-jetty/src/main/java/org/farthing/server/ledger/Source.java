package org.farthing.server.ledger;

/**
 * Where the money of a charge comes from, if not from a wallet of this ledger: a wallet service that vouches for it, or bearer
 * tokens that were presented.
 */
public sealed interface Source permits Backing, TokenPayment {}

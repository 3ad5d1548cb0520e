package org.farthing.server.ledger;

/** What became of {@link Ledger#topUp}. */
public sealed interface TopUpResult {

    /**
     * The money is in the wallet.
     *
     * @param account the account after the top-up
     */
    record Credited(Account account) implements TopUpResult {}

    /**
     * The same top-up was done before; nothing moved now.
     *
     * @param account the account as it is
     */
    record Repeated(Account account) implements TopUpResult {}

    /** The key was used for another amount or currency; nothing moved. */
    record KeyConflict() implements TopUpResult {}

    /**
     * The account would have more than the largest amount the wire can carry; nothing moved.
     *
     * @param account the account as it is
     */
    record TooMuch(Account account) implements TopUpResult {}

    /** No such wallet. */
    record UnknownWallet() implements TopUpResult {}
}

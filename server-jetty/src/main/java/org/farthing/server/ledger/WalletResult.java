package org.farthing.server.ledger;

/** What became of registering or changing a wallet. */
public sealed interface WalletResult {

    /**
     * Registered or changed by this call.
     *
     * @param wallet the wallet as it is now
     */
    record Changed(Wallet wallet) implements WalletResult {}

    /**
     * It was so already; nothing was written.
     *
     * @param wallet the wallet as it is
     */
    record Unchanged(Wallet wallet) implements WalletResult {}

    /**
     * Not allowed: the id belongs to another first key, the key was revoked before, or it is the wallet's last.
     *
     * @param why the reason, for the log
     */
    record Refused(String why) implements WalletResult {}

    /** No such wallet. */
    record Unknown() implements WalletResult {}
}

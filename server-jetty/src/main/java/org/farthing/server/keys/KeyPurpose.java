package org.farthing.server.keys;

import java.nio.file.Path;
import java.util.Set;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SigningKey;

/**
 * Which side of a payment a key signs for (specification: keys.md, F-KY-20 and F-KY-21). A key signs for one side: whoever
 * steals a payee's key must not be able to mint a wallet service's money.
 */
enum KeyPurpose {
    /** A server that charges. */
    PAYEE(Set.of(Role.CHALLENGE, Role.RECEIPT, Role.RELEASE)),
    /** A service that holds money for payers and vouches for it. */
    WALLET_SERVICE(Set.of(Role.RECEIPT_TOKEN));

    /** The roles of new keys; a set that refuses changes. */
    @SuppressWarnings("ImmutableEnumChecker")
    final Set<Role> roles;

    KeyPurpose(Set<Role> roles) {
        this.roles = roles;
    }

    /** Tells what a key is for, and refuses one that is for both sides or for neither. */
    static KeyPurpose of(SigningKey key, Path file) throws KeyFileException {
        Set<Role> given = key.publicKey().roles();
        if (given.equals(WALLET_SERVICE.roles)) {
            return WALLET_SERVICE;
        }
        if (given.contains(Role.RECEIPT_TOKEN)) {
            throw new KeyFileException(file + " holds a key with the role receipt-token beside others. What a wallet"
                    + " service signs with must sign nothing else. Move it away and make a new key.");
        }
        if (!given.contains(Role.CHALLENGE) || !given.contains(Role.RECEIPT)) {
            throw new KeyFileException(file + " holds a key that lacks the role challenge or receipt; a server that"
                    + " charges signs both. Add them to its member \"roles\", or make a new key.");
        }
        return PAYEE;
    }

    /** Refuses a key of the other side. */
    void require(SigningKey key, Path file) throws KeyFileException {
        if (of(key, file) == this) {
            return;
        }
        throw new KeyFileException(
                this == PAYEE
                        ? file + " holds a key with the role receipt-token, which is a wallet service's and"
                                + " must never be loaded by a server that charges. Move it away and make a key of its own with:"
                                + " farthing-server keys init"
                        : file + " holds a key that signs challenges and receipts, which is a payee's. A wallet"
                                + " service has a key folder of its own; make one with: farthing-server keys init"
                                + " --wallet-service --dir DIR");
    }
}

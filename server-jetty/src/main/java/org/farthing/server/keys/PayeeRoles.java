package org.farthing.server.keys;

import java.nio.file.Path;
import java.util.Set;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SigningKey;

/** What a payee's key signs, and what it must not be able to sign (specification: keys.md, F-KY-20 and F-KY-21). */
final class PayeeRoles {

    /** The roles of new keys. */
    static final Set<Role> ROLES = Set.of(Role.CHALLENGE, Role.RECEIPT, Role.RELEASE);

    private PayeeRoles() {}

    /** Refuses a key of a wallet service: a stolen challenge key must not mint money. */
    static void require(SigningKey key, Path file) throws KeyFileException {
        if (key.publicKey().roles().contains(Role.RECEIPT_TOKEN)) {
            throw new KeyFileException(
                    file + " holds a key with the role receipt-token, which is a wallet service's and"
                            + " must never be loaded by a server that charges. Move it away and make a key of its own with:"
                            + " farthing-server keys init");
        }
        if (!key.publicKey().roles().contains(Role.CHALLENGE)
                || !key.publicKey().roles().contains(Role.RECEIPT)) {
            throw new KeyFileException(file + " holds a key that lacks the role challenge or receipt; a server that"
                    + " charges signs both. Add them to its member \"roles\", or make a new key.");
        }
    }
}

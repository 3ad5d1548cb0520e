package org.farthing.server.keys;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.Role;
import org.farthing.protocol.signature.SigningKey;

/**
 * A wallet service's keys, loaded: what it signs receipt tokens with, and who administers it. Nothing of it prints.
 *
 * @param signing the signing keys, at least one, each with the role {@code receipt-token} and no other; also those not used
 *     yet or any more, because they are published
 * @param admin the administrator's bearer, or empty: then nobody tops up or registers payees over HTTP
 */
public record TokenKeys(List<SigningKey> signing, Optional<AdminBearer> admin) {

    /**
     * Checks the keys.
     *
     * @param signing as the record says
     * @param admin as the record says
     * @throws IllegalArgumentException if there is no key, or one has another role (F-KY-21)
     */
    public TokenKeys {
        signing = List.copyOf(signing);
        if (signing.isEmpty()) {
            throw new IllegalArgumentException(
                    "A wallet service needs a signing key: farthing-server keys init --wallet-service");
        }
        for (SigningKey key : signing) {
            if (!key.publicKey().roles().equals(Set.of(Role.RECEIPT_TOKEN))) {
                throw new IllegalArgumentException("The key " + key.publicKey().kid() + " signs something else than"
                        + " receipt tokens. A wallet service's key has the role receipt-token and no other: whoever"
                        + " steals a payee's key must not be able to mint money.");
            }
        }
    }

    /**
     * Chooses the key that signs at a time: of those usable then, the one that became usable last.
     *
     * @param now the time
     * @return the key, or empty if none is usable at this time
     */
    public Optional<SigningKey> signingAt(Instant now) {
        return SigningKeys.signingAt(signing, now);
    }

    /**
     * Makes the key document of the service (specification: keys.md, F-KY-1).
     *
     * @param origin the public origin
     * @return the document: public keys only
     * @throws IllegalArgumentException if a key stands in a specification or test vector, so that everybody has its private
     *     half; development on a loopback origin may use such keys (F-KY-42)
     */
    public KeyDirectory directory(Origin origin) {
        return SigningKeys.directory(signing, origin, List.of());
    }

    /** Returns how many keys there are, and nothing of them. */
    @Override
    public String toString() {
        return "TokenKeys[signing=" + signing.size() + " keys, admin=" + (admin.isPresent() ? "set" : "none") + "]";
    }
}

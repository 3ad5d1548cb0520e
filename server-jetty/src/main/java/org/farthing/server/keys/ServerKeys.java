package org.farthing.server.keys;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SigningKey;

/**
 * A server's keys and secrets, loaded. Nothing of it prints.
 *
 * @param signing the signing keys, at least one; also those not used yet or any more, because they are published
 * @param secrets what binds challenge ids
 * @param admin the administrator's bearer, or empty: then nobody tops up over HTTP
 */
public record ServerKeys(List<SigningKey> signing, SecretRing secrets, Optional<AdminBearer> admin) {

    /**
     * Checks that there is a key.
     *
     * @param signing as the record says
     * @param secrets as the record says
     * @param admin as the record says
     * @throws IllegalArgumentException if there is no signing key
     */
    public ServerKeys {
        signing = List.copyOf(signing);
        if (signing.isEmpty()) {
            throw new IllegalArgumentException("A server that charges needs a signing key: farthing-server keys init");
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
     * Makes the key document of an origin that sells for itself (specification: keys.md, F-KY-1).
     *
     * @param origin the public origin
     * @return the document: public keys only
     * @throws IllegalArgumentException if a key stands in a specification or test vector, so that everybody has its private
     *     half; development on a loopback origin may use such keys (F-KY-42)
     */
    public KeyDirectory directory(Origin origin) {
        return directory(origin, List.of());
    }

    /**
     * Makes the key document of an origin that sells for itself and accepts wallet services.
     *
     * @param origin the public origin
     * @param providers the wallet services whose receipts it accepts
     * @return the document: public keys only
     * @throws IllegalArgumentException as {@link #directory(Origin)}
     */
    public KeyDirectory directory(Origin origin, List<Origin> providers) {
        return SigningKeys.directory(signing, origin, providers);
    }

    /** Returns how many keys there are, and nothing of them. */
    @Override
    public String toString() {
        return "ServerKeys[signing=" + signing.size() + " keys, admin=" + (admin.isPresent() ? "set" : "none") + "]";
    }
}

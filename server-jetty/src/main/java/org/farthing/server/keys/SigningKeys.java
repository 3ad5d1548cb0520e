package org.farthing.server.keys;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.farthing.protocol.binding.Origin;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;

/** What both sides do with their signing keys: choose the one that signs now, and publish all of them. */
final class SigningKeys {

    private SigningKeys() {}

    /** Of those usable at a time, the one that became usable last. */
    static Optional<SigningKey> signingAt(List<SigningKey> keys, Instant now) {
        SigningKey newest = null;
        for (SigningKey key : keys) {
            if (usable(key.publicKey(), now) && (newest == null || !startOf(key).isBefore(startOf(newest)))) {
                newest = key;
            }
        }
        return Optional.ofNullable(newest);
    }

    /** The key document of an origin that speaks for itself; refuses keys that everybody has (F-KY-42). */
    static KeyDirectory directory(List<SigningKey> keys, Origin origin, List<Origin> providers) {
        for (SigningKey key : keys) {
            if (key.publicKey().isPublished() && !origin.isLoopback()) {
                throw new IllegalArgumentException(
                        "The signing key " + key.publicKey().kid() + " is published in a"
                                + " specification, so anybody can sign with it. Make a key of your own: farthing-server keys init");
            }
        }
        return new KeyDirectory(
                keys.stream().map(SigningKey::publicKey).toList(),
                origin.text(),
                List.of(origin.text()),
                List.of(origin.realm()),
                true,
                providers.stream().map(Origin::text).toList());
    }

    private static boolean usable(VerificationKey key, Instant now) {
        try {
            key.requireUsable(now);
            return true;
        } catch (SignatureRejectedException e) {
            return false;
        }
    }

    private static Instant startOf(SigningKey key) {
        Instant notBefore = key.publicKey().nbf();
        return notBefore == null ? Instant.MIN : notBefore;
    }
}

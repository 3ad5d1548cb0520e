package org.farthing.server.gate;

import java.time.Instant;
import java.util.Optional;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SigningKey;

/**
 * What a gate signs and binds with, as it is at one moment. A gate asks for it anew at each use, so that keys and secrets are
 * replaced while it runs; the id and the signature of one challenge always come from one set (spec/keys.md, F-KY-33 and
 * F-KY-34).
 *
 * <p>Implementations are immutable and safe to share between threads; nothing blocks.
 */
public interface GateKeys {

    /**
     * Chooses what signs challenges, receipts and release statements.
     *
     * @param now the time
     * @return a key with the roles {@code challenge}, {@code receipt} and {@code release} that may be used at this time, or
     *     empty if there is none: then nothing is offered
     */
    Optional<SigningKey> signingAt(Instant now);

    /**
     * Returns what binds challenge ids.
     *
     * @return the secrets, each also before its time and for as long as a resend may come
     */
    SecretRing secrets();

    /**
     * One key and one set of secrets.
     *
     * @param key what signs, in its own time
     * @param secrets what binds challenge ids
     * @return them
     */
    static GateKeys of(SigningKey key, SecretRing secrets) {
        return new GateKeys() {
            @Override
            public Optional<SigningKey> signingAt(Instant now) {
                try {
                    key.publicKey().requireUsable(now);
                    return Optional.of(key);
                } catch (SignatureRejectedException e) {
                    return Optional.empty();
                }
            }

            @Override
            public SecretRing secrets() {
                return secrets;
            }
        };
    }
}

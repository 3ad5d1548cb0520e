package org.farthing.protocol.signature;

import org.farthing.protocol.Challenge;

/** Signs what a payee offers (spec/signatures.md F-SG-21). The counterpart is {@link ChallengeVerifier}. */
public final class ChallengeSigner {

    private ChallengeSigner() {}

    /**
     * Adds the payee's signature.
     *
     * @param key a key with the role {@link Role#CHALLENGE}
     * @param challenge the finished challenge: its id and terms are what is signed
     * @return the same challenge with {@code jws}
     * @throws IllegalArgumentException if the key lacks the role
     */
    public static Challenge sign(SigningKey key, Challenge challenge) {
        return challenge.withJws(DetachedJws.sign(key, ArtifactType.CHALLENGE, challenge.signedPayload()));
    }
}

package org.farthing.conformance.vectors;

import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.signature.ChallengeSigner;
import org.farthing.protocol.signature.ChallengeVerifier;
import org.farthing.protocol.signature.KeyDirectory;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SigningKey;
import org.jspecify.annotations.Nullable;

/** Kind {@code signed-challenge}: the payee's signature on its offer, and all checks a payer makes before it pays. */
final class SignedChallengeCheck implements Check {

    @Override
    public @Nullable Object run(CaseInput input)
            throws MalformedException, SignatureRejectedException, BrokenVectorException {
        Challenge challenge = Wire.challenge(input.object("challenge"));
        return switch (input.op()) {
            case "payload" -> challenge.signedPayload();
            case "sign" ->
                ChallengeSigner.sign(SigningKey.fromJwk(input.json("jwk")), challenge)
                        .jws();
            case "verify" -> {
                KeyDirectory ofOrigin = KeyDirectory.parse(input.json("directory"));
                KeyDirectory ofRecipient =
                        input.has("recipientDirectory") ? KeyDirectory.parse(input.json("recipientDirectory")) : null;
                ChallengeVerifier.verify(
                        challenge, Wire.target(input.object("target")), ofOrigin, ofRecipient, input.instant("now"));
                yield true;
            }
            default -> throw input.unknownOp();
        };
    }
}

package org.farthing.conformance.vectors;

import org.farthing.protocol.MalformedException;
import org.farthing.protocol.signature.ArtifactType;
import org.farthing.protocol.signature.DetachedJws;
import org.farthing.protocol.signature.SignatureRejectedException;
import org.farthing.protocol.signature.SigningKey;
import org.farthing.protocol.signature.VerificationKey;

/** Kind {@code jws}: detached signatures, made and verified. */
final class JwsCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, SignatureRejectedException, BrokenVectorException {
        return switch (input.op()) {
            case "sign" -> DetachedJws.sign(SigningKey.fromJwk(input.json("jwk")), type(input), input.text("payload"));
            case "verify" -> {
                VerificationKey key = VerificationKey.parse(input.json("jwk"));
                DetachedJws.verify(input.text("jws"), type(input), input.text("payload"), key);
                yield true;
            }
            case "kid" -> DetachedJws.kid(input.text("jws"));
            default -> throw input.unknownOp();
        };
    }

    private static ArtifactType type(CaseInput input) throws BrokenVectorException {
        return Wire.artifact(input.text("typ"));
    }
}

package org.farthing.conformance.vectors;

import org.farthing.protocol.binding.ChallengeId;
import org.farthing.protocol.binding.SecretRing;
import org.farthing.protocol.internal.Sha256;

/** Kind {@code challenge-id}: the HMAC over the bound slots, and the ring of secrets that verifies it. */
final class ChallengeIdCheck implements Check {

    @Override
    public Object run(CaseInput input) throws BrokenVectorException {
        return switch (input.op()) {
            case "compute" -> ChallengeId.compute(input.bytes("secret"), Wire.terms(input.object("terms")));
            case "verify" -> ring(input).verify(Wire.challenge(input.object("challenge")), input.instant("now"));
            case "issue" -> ring(input).id(Wire.terms(input.object("terms")));
            case "ring" -> !ring(input).toString().isEmpty();
            default -> throw input.unknownOp();
        };
    }

    private static SecretRing ring(CaseInput input) throws BrokenVectorException {
        SecretRing.Builder ring = SecretRing.builder().current(secret(input, "current"));
        for (CaseInput retired : input.objects("retired")) {
            ring.retired(secret(retired, "secret"), retired.instant("until"));
        }
        return ring.build();
    }

    /** A ring refuses every secret that a vector publishes (F-BI-11), so a vector names one by a text that is hashed. */
    private static byte[] secret(CaseInput input, String member) throws BrokenVectorException {
        byte[] given = input.bytes(member);
        return input.has(member + "Hex") ? given : Sha256.of(given);
    }
}

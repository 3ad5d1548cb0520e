package org.farthing.conformance.vectors;

import java.util.HexFormat;
import org.farthing.protocol.binding.ChallengeId;
import org.farthing.protocol.binding.SecretRing;

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
        SecretRing.Builder ring = SecretRing.builder().current(HexFormat.of().parseHex(input.text("current")));
        for (CaseInput retired : input.objects("retired")) {
            ring.retired(HexFormat.of().parseHex(retired.text("secret")), retired.instant("until"));
        }
        return ring.build();
    }
}

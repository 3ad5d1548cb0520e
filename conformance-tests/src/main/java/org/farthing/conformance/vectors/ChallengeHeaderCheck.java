package org.farthing.conformance.vectors;

import org.farthing.protocol.Challenge;
import org.farthing.protocol.MalformedException;

/** Kind {@code challenge-header}: one challenge of a {@code WWW-Authenticate} field value, read and written. */
final class ChallengeHeaderCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        return switch (input.op()) {
            case "parse" -> Wire.challenge(Challenge.parse(input.text("field")));
            case "format" -> Wire.challenge(input.object("challenge")).format();
            default -> throw input.unknownOp();
        };
    }
}

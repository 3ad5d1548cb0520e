package org.farthing.conformance.vectors;

import java.util.Map;
import org.farthing.protocol.Challenge;

/** Kind {@code challenge-list}: every challenge of a response, and the fault of each malformed one. */
final class ChallengeListCheck implements Check {

    @Override
    public Object run(CaseInput input) throws BrokenVectorException {
        Challenge.Parsed parsed = Challenge.parseAll(input.texts("fields"));
        return Map.of(
                "challenges", parsed.challenges().stream().map(Wire::challenge).toList(),
                "rejected",
                        parsed.rejected().stream().map(e -> e.fault().name()).toList());
    }
}

package org.farthing.conformance.vectors;

import java.util.Locale;
import java.util.Map;
import org.farthing.protocol.ChargeOutcome;
import org.farthing.protocol.MalformedException;

/** Kind {@code payment-outcome}: a {@code Payment-Outcome} field value, read, written, and looked up by a payer. */
final class PaymentOutcomeCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        return switch (input.op()) {
            case "parse" -> {
                ChargeOutcome outcome = ChargeOutcome.parse(input.text("field"));
                yield Map.of("state", outcome.state().token(), "challengeId", outcome.challengeId());
            }
            case "format" ->
                new ChargeOutcome(
                                ChargeOutcome.State.valueOf(input.text("state").toUpperCase(Locale.ROOT)),
                                input.text("challengeId"))
                        .format();
            case "find" ->
                ChargeOutcome.find(input.texts("fields"), input.text("challengeId"))
                        .map(ChargeOutcome.State::token)
                        .orElse("absent");
            default -> throw input.unknownOp();
        };
    }
}

package org.farthing.conformance.vectors;

import java.util.Map;
import java.util.TreeMap;
import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.token.Denominations;
import org.jspecify.annotations.Nullable;

/** Kind {@code denominations}: which tokens an amount takes. */
final class DenominationsCheck implements Check {

    @Override
    public @Nullable Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        Denominations denominations = Denominations.parse(input.text("denominations"));
        Amount amount = Amount.parse(input.text("amount"), "amount");
        return switch (input.op()) {
            case "fewest" ->
                denominations.fewest(amount).map(DenominationsCheck::texts).orElse(null);
            case "fits" -> denominations.fits(amount, (int) input.number("maxTokens"));
            default -> throw input.unknownOp();
        };
    }

    private static Map<String, Integer> texts(Map<Long, Integer> tokens) {
        Map<String, Integer> texts = new TreeMap<>();
        tokens.forEach((value, number) -> texts.put(Long.toString(value), number));
        return texts;
    }
}

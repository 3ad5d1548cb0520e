package org.farthing.conformance.vectors;

import org.farthing.protocol.Amount;
import org.farthing.protocol.MalformedException;

/** Kind {@code amount}: reading, exact sums and differences, order. */
final class AmountCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        return switch (input.op()) {
            case "parse" -> amount(input, "text").format();
            case "plus" -> amount(input, "a").plus(amount(input, "b")).format();
            case "minus" -> amount(input, "a").minus(amount(input, "b")).format();
            case "compare" -> Integer.signum(amount(input, "a").compareTo(amount(input, "b")));
            default -> throw input.unknownOp();
        };
    }

    private static Amount amount(CaseInput input, String member) throws MalformedException, BrokenVectorException {
        return Amount.parse(input.text(member), member);
    }
}

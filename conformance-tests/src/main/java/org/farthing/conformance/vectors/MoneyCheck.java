package org.farthing.conformance.vectors;

import java.util.Map;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;

/** Kind {@code money}: what people write and see, and its exact way to and from amounts. */
final class MoneyCheck implements Check {

    @Override
    public Object run(CaseInput input) throws MalformedException, BrokenVectorException {
        return switch (input.op()) {
            case "parse" -> {
                Money money = money(input, "text");
                yield Map.of("value", money.value().toPlainString(), "code", money.code(), "text", money.format());
            }
            case "of" ->
                Money.of(Amount.parse(input.text("amount"), "amount"), currency(input))
                        .format();
            case "toAmount" -> money(input, "money").toAmount(currency(input)).format();
            case "plus" -> money(input, "a").plus(money(input, "b")).format();
            case "minus" -> money(input, "a").minus(money(input, "b")).format();
            case "compare" -> Integer.signum(money(input, "a").compareTo(money(input, "b")));
            default -> throw input.unknownOp();
        };
    }

    private static Money money(CaseInput input, String member) throws MalformedException, BrokenVectorException {
        return Money.parse(input.text(member));
    }

    private static CurrencyId currency(CaseInput input) throws MalformedException, BrokenVectorException {
        return CurrencyId.parse(input.text("currency"), "currency");
    }
}

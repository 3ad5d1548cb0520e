package org.farthing.client.app;

import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads money as people write it, such as {@code 0.02usd} (spec/money.md, F-MO-20). */
final class MoneyConverter implements ITypeConverter<Money> {

    @Override
    public Money convert(String text) {
        try {
            return Money.parse(text);
        } catch (MalformedException e) {
            throw new TypeConversionException("write money as a number and a currency, such as 0.02usd");
        }
    }
}

package org.farthing.server.app;

import java.util.Locale;
import org.farthing.protocol.Amount;
import org.farthing.protocol.CurrencyId;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;

/** How money is written for people: decimal, with the currency's code. */
final class Shown {

    private Shown() {}

    /** An amount of the ledger, such as {@code 0.0025 USD}; negative ones with a minus sign. */
    static String amount(long baseUnits, String currency) {
        String sign = baseUnits < 0 ? "-" : "";
        return sign
                + Money.of(Amount.of(Math.abs(baseUnits)), new CurrencyId(currency))
                        .format();
    }

    /** Text of others on one line of a terminal: what could move the cursor or turn the direction is written out. */
    static String line(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            boolean acts = type == Character.CONTROL
                    || type == Character.FORMAT
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR
                    || type == Character.SURROGATE;
            if (acts) {
                line.append(String.format(Locale.ROOT, "\\u%04x", c));
            } else {
                line.appendCodePoint(c);
            }
        });
        return line.toString();
    }

    /** The currency id that counts an amount of money finely enough for small prices: millionths, or the unit itself. */
    static CurrencyId usualCurrency(Money money) {
        return new CurrencyId(money.code().startsWith("unit:") ? money.code() : money.code() + ".e6");
    }

    /** Reads money from the command line. */
    static Money money(String text) {
        try {
            return Money.parse(text);
        } catch (MalformedException e) {
            throw new CommandFailedException(
                    "\"" + text + "\" is no amount of money. Write digits and a currency, such as 5usd or 0.02usd.", e);
        }
    }
}

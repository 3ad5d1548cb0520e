package org.farthing.server.ledger;

import org.farthing.protocol.MalformedException;
import org.farthing.protocol.Money;

/** What a wallet may spend in a day, and what it has spent of it. */
final class DailyLimits {

    private DailyLimits() {}

    /** Reads a limit as people write it. */
    static Money money(String code, String perDay) {
        try {
            return Money.parse(perDay + " " + code);
        } catch (MalformedException e) {
            throw new IllegalArgumentException(
                    "a daily limit is a decimal number and a currency code, such as 5.00 and usd: " + e.getMessage(),
                    e);
        }
    }
}

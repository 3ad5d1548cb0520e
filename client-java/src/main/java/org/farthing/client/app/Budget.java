package org.farthing.client.app;

import java.time.Duration;
import java.util.Map;
import org.farthing.protocol.Money;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * What may be spent with one home folder: in all, or in every hour, day or week.
 *
 * @param most how much
 * @param period in which time, or null for all time
 */
record Budget(Money most, @Nullable Duration period) {

    private static final Map<String, Duration> PERIODS =
            Map.of("hour", Duration.ofHours(1), "day", Duration.ofDays(1), "week", Duration.ofDays(7));

    /** Reads {@code 1usd}, {@code 0.10usd/day} and the like. */
    static final class Converter implements ITypeConverter<Budget> {

        private final MoneyConverter money = new MoneyConverter();

        @Override
        public Budget convert(String text) {
            int slash = text.indexOf('/');
            if (slash < 0) {
                return new Budget(money.convert(text), null);
            }
            Duration period = PERIODS.get(text.substring(slash + 1));
            if (period == null) {
                throw new TypeConversionException("a budget is for all time (1usd), or 1usd/hour, 1usd/day, 1usd/week");
            }
            return new Budget(money.convert(text.substring(0, slash)), period);
        }
    }
}

package org.farthing.server.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.farthing.server.ledger.Operation.Step;
import org.jspecify.annotations.Nullable;

/** Income by period. The store adds up days; months are made of them here, because no two databases agree on calendars. */
final class IncomeLines {

    private final IncomeLine.By by;
    private final Consumer<IncomeLine> sink;
    private final SortedMap<String, Income> period = new TreeMap<>();
    private @Nullable LocalDate begins;
    private long lines;

    private IncomeLines(IncomeLine.By by, Consumer<IncomeLine> sink) {
        this.by = by;
        this.sink = sink;
    }

    static Operation<Long> each(Instant from, Instant until, IncomeLine.By by, Consumer<IncomeLine> sink) {
        long[] taken = {0};
        Consumer<IncomeLine> counted = line -> {
            taken[0]++;
            sink.accept(line);
        };
        return (session, now) -> {
            Reports.requireFirst(taken[0]);
            IncomeLines lines = new IncomeLines(by, counted);
            session.each(Sql.INCOME_BY_DAY, lines::day, Rows.millis(from), Rows.millis(until));
            lines.end();
            return Step.discard(lines.lines);
        };
    }

    private void day(ResultSet row) throws SQLException {
        LocalDate begin = by.begin(LocalDate.ofEpochDay(row.getLong("day")));
        if (!begin.equals(begins)) {
            end();
            begins = begin;
        }
        Income income = Rows.income(row);
        // Line breaks are in none of the three, so this order is that of payee, currency and method.
        period.merge(income.payee() + "\n" + income.currency() + "\n" + income.method(), income, IncomeLines::together);
    }

    private static Income together(Income one, Income other) {
        return new Income(
                one.payee(),
                one.currency(),
                one.method(),
                Math.addExact(one.captured(), other.captured()),
                Math.addExact(one.refunded(), other.refunded()),
                Math.addExact(one.captures(), other.captures()));
    }

    private void end() {
        LocalDate of = begins;
        if (of != null) {
            period.values().forEach(income -> sink.accept(new IncomeLine(of, income)));
            lines += period.size();
            period.clear();
        }
    }
}

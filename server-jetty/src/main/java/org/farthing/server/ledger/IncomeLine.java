package org.farthing.server.ledger;

import java.time.LocalDate;

/**
 * What one payee earned in one currency by one method within one day or month (UTC).
 *
 * @param begins the first day of the period
 * @param income what it earned in it
 */
public record IncomeLine(LocalDate begins, Income income) {

    /** How long the period of a line is. */
    public enum By {
        /** From midnight to midnight, UTC. */
        DAY,
        /** A month of the calendar. */
        MONTH;

        LocalDate begin(LocalDate day) {
            return this == DAY ? day : day.withDayOfMonth(1);
        }
    }
}

package org.farthing.server.app;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.farthing.protocol.MalformedException;
import org.farthing.protocol.internal.Rfc3339;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** A time on the command line: a day, which means its first moment in UTC, or a time of RFC 3339. */
final class TypedTime {

    private TypedTime() {}

    static Instant parse(String text) {
        try {
            return text.length() == "2026-11-01".length()
                    ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : Rfc3339.parse(text, "time");
        } catch (DateTimeParseException | MalformedException e) {
            throw new TypeConversionException("'" + text
                    + "' is no time; write a day such as 2026-11-01 (UTC), or a time such as 2026-11-01T08:30:00Z");
        }
    }

    /** Refuses a period without a moment in it. */
    static void requirePeriod(picocli.CommandLine command, Instant from, Instant until) {
        if (!from.isBefore(until)) {
            throw new ParameterException(
                    command, "--until names the first moment that does not count, and must be later than --from.");
        }
    }
}

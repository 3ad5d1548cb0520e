package org.farthing.server.app;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.farthing.protocol.internal.CanonicalJson;
import org.jspecify.annotations.Nullable;

/**
 * Rows for other programs, with the same names in both formats (operations.md, F-OP-20 to F-OP-24). Amounts are texts of base
 * units, as on the wire: many readers of JSON round large numbers without a word.
 */
final class DataRows {

    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter().withZone(ZoneOffset.UTC);

    private final DataFormat format;
    private final List<String> names;
    private final Outlet outlet;

    /** Writes the header, if the format has one. */
    DataRows(DataFormat format, List<String> names, Outlet outlet) {
        this.format = format;
        this.names = List.copyOf(names);
        this.outlet = outlet;
        if (format == DataFormat.CSV) {
            outlet.write(csv(names));
        }
    }

    /** A time of RFC 3339, always to the millisecond, so that texts sort as times do. */
    static String time(Instant instant) {
        return TIME.format(instant);
    }

    /** Writes a row: texts, whole numbers, or nothing where there is no value. */
    void add(List<? extends @Nullable Object> values) {
        if (values.size() != names.size()) {
            throw new IllegalArgumentException(values.size() + " values for " + names.size() + " columns");
        }
        outlet.write(format == DataFormat.CSV ? csv(values) : json(values));
    }

    private String json(List<? extends @Nullable Object> values) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            object.put(names.get(i), values.get(i));
        }
        return CanonicalJson.writeInOrder(object) + "\n";
    }

    private static String csv(List<? extends @Nullable Object> values) {
        StringBuilder line = new StringBuilder();
        for (Object value : values) {
            if (line.length() > 0) {
                line.append(',');
            }
            if (value != null) {
                line.append(quoted(value.toString()));
            }
        }
        return line.append("\r\n").toString();
    }

    private static String quoted(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (",\"\r\n".indexOf(text.charAt(i)) >= 0) {
                return '"' + text.replace("\"", "\"\"") + '"';
            }
        }
        return text;
    }
}

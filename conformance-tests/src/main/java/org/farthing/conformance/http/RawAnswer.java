package org.farthing.conformance.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An answer as it came.
 *
 * @param status the status; 0 if what came is no HTTP
 * @param statusLine the first line
 * @param fields the field lines, in order, with the trailer's
 * @param body the body, without its framing
 * @param whole whether it came to its end
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RawAnswer(int status, String statusLine, List<FieldLine> fields, byte[] body, boolean whole) {

    /** Copies the list. */
    public RawAnswer {
        fields = List.copyOf(fields);
    }

    /** The values of all lines of a field, in order. */
    public List<String> all(String name) {
        return fields.stream()
                .filter(line -> line.is(name))
                .map(FieldLine::value)
                .toList();
    }

    /** The first line of a field. */
    public Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    /** Whether it has a line of a field. */
    public boolean has(String name) {
        return !all(name).isEmpty();
    }

    /** Whether a field whose value is a list of words, such as {@code Cache-Control}, has one; its argument is not looked at. */
    public boolean hasWord(String name, String word) {
        return all(name).stream()
                .flatMap(value -> Arrays.stream(value.split(",", -1)))
                .map(item -> item.strip().split("[=;]", 2)[0].strip())
                .anyMatch(word::equalsIgnoreCase);
    }

    /** The media type of the body, lower case and without parameters, or empty. */
    public String mediaType() {
        return first("Content-Type").orElse("").split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    /** The body as text; bytes that are no UTF-8 become replacement characters. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Whether the status is 2xx. */
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** For a report: {@code 402, WWW-Authenticate: Payment}. */
    public String brief() {
        return statusLine.isBlank() ? "nothing that is HTTP" : statusLine.strip();
    }
}

package org.farthing.conformance.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.farthing.conformance.suite.Redaction;
import org.jspecify.annotations.Nullable;

/** Messages as the report shows them: heads whole, bodies up to a size, secrets taken out. */
final class Transcript {

    private static final int BODY = 2048;
    private static final int LINE = 4096;

    private Transcript() {}

    static String of(RawRequest request, String host) {
        String lines = request.lines(host).stream()
                .map(line -> cut(line.open() ? line.text() : Redaction.message(line.text())))
                .collect(Collectors.joining("\n"));
        return visible(request.method() + " " + cut(request.target()) + " HTTP/1.1\n" + lines) + body(request.body());
    }

    static String of(RawAnswer answer) {
        String lines = answer.fields().stream()
                .map(line -> "\n" + cut(Redaction.message(line.text())))
                .collect(Collectors.joining());
        String end = answer.whole() ? "" : "\n\n(the answer broke off here)";
        return visible(answer.statusLine() + lines) + body(answer.body()) + end;
    }

    private static String body(byte @Nullable [] body) {
        if (body == null || body.length == 0) {
            return "";
        }
        String text = text(body);
        if (text == null) {
            return "\n\n(" + body.length + " bytes that are no text)";
        }
        String shown = visible(Redaction.message(text));
        return "\n\n"
                + (shown.length() <= BODY ? shown : shown.substring(0, BODY) + "… (" + body.length + " bytes in all)");
    }

    /** The bytes as text, or null if they are none. */
    static @Nullable String text(byte[] body) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body))
                    .toString();
            return text.chars().anyMatch(c -> c < ' ' && c != '\n' && c != '\r' && c != '\t') ? null : text;
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static String cut(String line) {
        return line.length() <= LINE ? line : line.substring(0, LINE) + "… (" + line.length() + " characters in all)";
    }

    /** Without control characters, which a terminal would obey. */
    private static String visible(String text) {
        return text.codePoints()
                .mapToObj(c -> Character.isISOControl(c) && c != '\n' && c != '\t'
                        ? (c == '\r' ? "" : "\uFFFD")
                        : Character.toString(c))
                .collect(Collectors.joining());
    }
}

package org.farthing.conformance.http;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.farthing.conformance.suite.Redaction;
import org.jspecify.annotations.Nullable;

/** The command that sends the same request; secrets stand as shell variables whoever runs it sets. */
final class Curl {

    private static final Set<String> ITS_OWN = Set.of("host", "content-length", "connection");
    private static final Set<String> SECRET =
            Set.of("authorization", "payment-authorization", "proxy-authorization", "cookie", "payment-pass");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");
    private static final int LONGEST = 6000;

    private Curl() {}

    /** The command, or null for a request curl cannot send or nobody would paste. */
    static @Nullable String of(URI origin, RawRequest request) {
        StringBuilder command = new StringBuilder("curl -i --http1.1 --path-as-is");
        if (request.method().equals("HEAD")) {
            command.append(" --head");
        } else if (!request.method().equals("GET") || request.body() != null) {
            command.append(" -X ").append(quoted(request.method()));
        }
        for (FieldLine line : request.fields()) {
            if (!ITS_OWN.contains(line.name().toLowerCase(Locale.ROOT))) {
                command.append(" -H ").append(field(line));
            }
        }
        byte[] body = request.body();
        if (body != null) {
            String text = Transcript.text(body);
            if (text == null || Redaction.holdsTokens(text)) {
                return null;
            }
            if (!request.has("Content-Type")) {
                command.append(" -H 'Content-Type;'");
            }
            command.append(" --data-binary ").append(quoted(text));
        }
        String absolute = request.target().startsWith("/") ? origin + request.target() : null;
        if (absolute == null || command.length() + absolute.length() > LONGEST) {
            return null;
        }
        return command.append(' ').append(quoted(absolute)).toString();
    }

    private static String field(FieldLine line) {
        if (line.open() || !SECRET.contains(line.name().toLowerCase(Locale.ROOT))) {
            return quoted(line.value().isEmpty() ? line.name() + ";" : line.text());
        }
        List<String> parts = List.of(line.value().split(" ", 2));
        String scheme = parts.size() == 2 ? parts.get(0) + " " : "";
        return "\"" + line.name() + ": " + scheme + "$CREDENTIAL\"";
    }

    private static String quoted(String text) {
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}

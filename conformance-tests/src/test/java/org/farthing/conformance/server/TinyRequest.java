package org.farthing.conformance.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A request as {@link TinyPayee} reads it: strictly, because two readings of one message hide a request. */
final class TinyRequest {

    private static final int HEAD_LIMIT = 24 * 1024;
    private static final int BODY_LIMIT = 2 * 1024 * 1024;
    private static final Pattern LINE =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*([^\\x00-\\x08\\x0a-\\x1f\\x7f]*)");
    private static final Pattern START = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\\S+) HTTP/1\\.[01]");

    /** What cannot be read is answered with this status and nothing else. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        Refused(int status) {
            super("status " + status);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    final String method;
    final String target;
    final List<Map.Entry<String, String>> fields;
    byte[] body = new byte[0];

    private TinyRequest(String method, String target, List<Map.Entry<String, String>> fields) {
        this.method = method;
        this.target = target;
        this.fields = fields;
    }

    /** The next request, or null where the connection ends before it begins. */
    static @Nullable TinyRequest read(InputStream in, Set<Fault> faults) throws IOException, Refused {
        String head = head(in, faults);
        if (head == null) {
            return null;
        }
        List<String> lines = List.of(head.split("\r\n", -1));
        var start = START.matcher(lines.get(0));
        if (!start.matches()) {
            throw new Refused(400);
        }
        List<Map.Entry<String, String>> fields = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            var field = LINE.matcher(line);
            if (!field.matches()) {
                throw new Refused(400);
            }
            fields.add(Map.entry(field.group(1), field.group(2).strip()));
        }
        TinyRequest request = new TinyRequest(start.group(1), start.group(2), fields);
        request.readBody(in, faults);
        return request;
    }

    private static @Nullable String head(InputStream in, Set<Fault> faults) throws IOException, Refused {
        int limit = faults.contains(Fault.SMALL_HEAD) ? 4 * 1024 : HEAD_LIMIT;
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int matched = 0;
        while (matched < 4) {
            int next = in.read();
            if (next < 0) {
                if (head.size() == 0) {
                    return null;
                }
                throw new Refused(400);
            }
            head.write(next);
            matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
            if (head.size() > limit) {
                throw new Refused(faults.contains(Fault.LONG_HEAD_FAILS) ? 500 : 431);
            }
        }
        return head.toString(ISO_8859_1).substring(0, head.size() - 4);
    }

    private void readBody(InputStream in, Set<Fault> faults) throws IOException, Refused {
        List<String> lengths = all("Content-Length");
        List<String> codings = all("Transfer-Encoding");
        boolean both = !codings.isEmpty() && !lengths.isEmpty();
        if (lengths.size() > 1 || codings.size() > 1 || (both && !faults.contains(Fault.TWO_LENGTHS))) {
            throw new Refused(400);
        }
        if (!codings.isEmpty() && !both) {
            if (!codings.get(0).equalsIgnoreCase("chunked")) {
                throw new Refused(501);
            }
            body = chunks(in);
        } else if (!lengths.isEmpty()) {
            body = exactly(in, number(lengths.get(0), 10));
        }
    }

    private static byte[] chunks(InputStream in) throws IOException, Refused {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (true) {
            int size = number(line(in).split(";", 2)[0].strip(), 16);
            if (size == 0) {
                while (!line(in).isEmpty()) {
                    // Trailer fields are of no interest.
                }
                return all.toByteArray();
            }
            all.writeBytes(exactly(in, size));
            if (all.size() > BODY_LIMIT || !line(in).isEmpty()) {
                throw new Refused(400);
            }
        }
    }

    private static String line(InputStream in) throws IOException, Refused {
        StringBuilder line = new StringBuilder();
        int next = in.read();
        while (next >= 0 && next != '\n') {
            line.append((char) next);
            next = in.read();
        }
        if (next < 0 || line.length() == 0 || line.charAt(line.length() - 1) != '\r') {
            throw new Refused(400);
        }
        return line.substring(0, line.length() - 1);
    }

    private static int number(String text, int radix) throws Refused {
        try {
            int number = Integer.parseInt(text, radix);
            if (number >= 0 && Character.isLetterOrDigit(text.charAt(0))) {
                if (number > BODY_LIMIT) {
                    throw new Refused(413);
                }
                return number;
            }
        } catch (NumberFormatException e) {
            // Answered below.
        }
        throw new Refused(400);
    }

    private static byte[] exactly(InputStream in, int count) throws IOException, Refused {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new Refused(400);
        }
        return bytes;
    }

    List<String> all(String name) {
        return fields.stream()
                .filter(field -> field.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    /** The path as on the wire. */
    String rawPath() {
        return target.split("\\?", 2)[0];
    }

    @Nullable
    String rawQuery() {
        int at = target.indexOf('?');
        return at < 0 ? null : target.substring(at + 1);
    }

    /** The path as the application sees it. */
    String path() {
        try {
            return URLDecoder.decode(rawPath().replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    boolean hasBody() {
        return body.length > 0;
    }

    boolean isUnsafe() {
        return !List.of("GET", "HEAD", "OPTIONS", "TRACE").contains(method);
    }
}

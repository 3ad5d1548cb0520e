package org.farthing.conformance.client;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads one HTTP/1.1 request from a connection, as leniently as can be: whoever is checked should be seen, not refused. */
final class RequestReader {

    private static final int MOST_HEAD = 256 * 1024;
    private static final int MOST_BODY = 16 * 1024 * 1024;

    private final InputStream in;
    private final OutputStream out;

    RequestReader(InputStream in, OutputStream out) {
        this.in = in;
        this.out = out;
    }

    /** The next request, or an {@link EOFException} if the connection ended before one. */
    Received read(String origin) throws IOException {
        StringBuilder head = new StringBuilder();
        String first = line();
        head.append(first).append("\r\n");
        List<Field> fields = new ArrayList<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            if (head.length() > MOST_HEAD) {
                throw new IOException("the head of the request is too long");
            }
            head.append(line).append("\r\n");
            int colon = line.indexOf(':');
            fields.add(
                    colon < 0
                            ? new Field(line, "")
                            : new Field(
                                    line.substring(0, colon),
                                    line.substring(colon + 1).strip()));
        }
        String[] parts = first.split(" ", 3);
        String target = parts.length > 1 ? parts[1] : "/";
        Received bare = new Received(origin, parts[0], relative(target), fields, new byte[0], head.toString());
        return new Received(origin, parts[0], relative(target), fields, body(bare), head.toString());
    }

    /** The absolute form, which clients use towards proxies, without its origin. */
    private static String relative(String target) {
        int host = target.indexOf("://");
        if (target.startsWith("/") || host < 0) {
            return target;
        }
        int path = target.indexOf('/', host + 3);
        return path < 0 ? "/" : target.substring(path);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended in the head");
            }
            if (line.size() > MOST_HEAD) {
                throw new IOException("a line of the request is too long");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    private byte[] body(Received head) throws IOException {
        if (head.value("Expect").filter("100-continue"::equalsIgnoreCase).isPresent()) {
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
        if (head.value("Transfer-Encoding")
                .filter(coding -> coding.toLowerCase(Locale.ROOT).contains("chunked"))
                .isPresent()) {
            return chunks();
        }
        return in.readNBytes(length(head.value("Content-Length").orElse("0"), 10));
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int length = length(line().split(";", 2)[0].strip(), 16);
            if (length == 0) {
                break;
            }
            body.writeBytes(in.readNBytes(length));
            var unused = line();
            if (body.size() > MOST_BODY) {
                throw new IOException("the body is too long");
            }
        }
        while (!line().isEmpty()) {
            // Trailer fields are nobody's business here.
        }
        return body.toByteArray();
    }

    private static int length(String text, int radix) throws IOException {
        try {
            int length = Integer.parseInt(text, radix);
            if (length >= 0 && length <= MOST_BODY) {
                return length;
            }
        } catch (NumberFormatException e) {
            throw new IOException("the length of the body is no number", e);
        }
        throw new IOException("the body is too long");
    }
}

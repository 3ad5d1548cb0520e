package org.farthing.conformance.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads one answer leniently (RFC 9112): line ends with or without CR, odd status lines, bodies that end early. Nothing that a
 * server sends makes it fail; what is missing shows in {@link RawAnswer#whole()}.
 */
final class AnswerReader {

    private static final int HEAD = 256 * 1024;
    private static final int BODY = 8 * 1024 * 1024;

    private final InputStream in;
    private final String method;
    private final List<FieldLine> fields = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int headBytes;

    AnswerReader(InputStream in, String method) {
        this.in = in;
        this.method = method;
    }

    /** Reads, and waits for it as long as the connection does. */
    RawAnswer read() throws IOException {
        String statusLine = line();
        int status = status(statusLine);
        fields();
        while (status >= 100 && status < 200 && status != 101) {
            fields.clear();
            statusLine = line();
            status = status(statusLine);
            fields();
        }
        boolean whole = status != 0;
        try {
            whole &= body(status);
        } catch (IOException e) {
            whole = false;
        }
        return new RawAnswer(status, statusLine, fields, body.toByteArray(), whole);
    }

    private static int status(String line) {
        String[] parts = line.split(" ", 3);
        if (!line.startsWith("HTTP/") || parts.length < 2 || !parts[1].matches("[1-9][0-9]{2}")) {
            return 0;
        }
        return Integer.parseInt(parts[1]);
    }

    private void fields() throws IOException {
        String line = line();
        while (!line.isEmpty()) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.add(new FieldLine(
                        line.substring(0, colon), line.substring(colon + 1).strip()));
            }
            line = line();
        }
    }

    private boolean body(int status) throws IOException {
        if (method.equals("HEAD") || status < 200 || status == 204 || status == 304) {
            return true;
        }
        RawAnswer head = new RawAnswer(status, "", fields, new byte[0], true);
        if (head.hasWord("Transfer-Encoding", "chunked")) {
            return chunks();
        }
        String length = head.first("Content-Length").orElse("");
        if (length.matches("[0-9]{1,9}")) {
            return take(Integer.parseInt(length));
        }
        take(BODY);
        return true;
    }

    private boolean chunks() throws IOException {
        while (true) {
            String size = line().split(";", 2)[0].strip();
            if (!size.matches("[0-9A-Fa-f]{1,7}")) {
                return false;
            }
            int length = Integer.parseInt(size, 16);
            if (length == 0) {
                fields();
                return true;
            }
            if (!take(length)) {
                return false;
            }
            line();
        }
    }

    private boolean take(int length) throws IOException {
        byte[] buffer = new byte[8192];
        int left = Math.min(length, BODY - body.size());
        boolean cut = left < length;
        while (left > 0) {
            int read = in.read(buffer, 0, Math.min(left, buffer.length));
            if (read < 0) {
                return false;
            }
            body.write(buffer, 0, read);
            left -= read;
        }
        return !cut;
    }

    /** One line without its end; what came before the stream's end if it ends early. */
    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        while (next >= 0 && next != '\n') {
            line.write(next);
            if (++headBytes > HEAD) {
                throw new IOException("a head of more than " + HEAD + " bytes");
            }
            next = in.read();
        }
        if (next < 0 && line.size() == 0 && fields.isEmpty() && headBytes == 0) {
            throw new IOException("the connection was closed without an answer");
        }
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }
}

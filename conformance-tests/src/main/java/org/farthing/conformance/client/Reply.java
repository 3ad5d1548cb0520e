package org.farthing.conformance.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What a scripted server answers, to the byte. Immutable. Unless {@link #bytes} says otherwise an answer is HTTP/1.1 with a
 * {@code Content-Length}, and the connection ends after it.
 */
final class Reply {

    private final int status;
    private final List<Field> fields;
    private final byte[] body;
    private final byte[] raw;
    private final int keeps;

    private Reply(int status, List<Field> fields, byte[] body, byte[] raw, int keeps) {
        this.status = status;
        this.fields = List.copyOf(fields);
        this.body = body;
        this.raw = raw;
        this.keeps = keeps;
    }

    /** An answer without fields and body. */
    static Reply status(int status) {
        return new Reply(status, List.of(), new byte[0], new byte[0], Integer.MAX_VALUE);
    }

    /** Exactly these bytes, then the end of the connection. */
    static Reply bytes(byte[] raw) {
        return new Reply(0, List.of(), new byte[0], raw.clone(), Integer.MAX_VALUE);
    }

    /** No byte: the connection ends. */
    static Reply hangUp() {
        return bytes(new byte[0]);
    }

    /** A redirect. */
    static Reply redirect(int status, String location) {
        return status(status).with("Location", location).text("moved\n");
    }

    /** This answer with one more field line. The value goes out as UTF-8, unchecked. */
    Reply with(String name, String value) {
        List<Field> more = new ArrayList<>(fields);
        more.add(new Field(name, value));
        return new Reply(status, more, body, raw, keeps);
    }

    /** This answer without the lines of a field. */
    Reply without(String name) {
        List<Field> fewer =
                fields.stream().filter(field -> !field.isNamed(name)).toList();
        return new Reply(status, fewer, body, raw, keeps);
    }

    /** This answer with another status. */
    Reply withStatus(int other) {
        return new Reply(other, fields, body, raw, keeps);
    }

    /** This answer with a body. */
    Reply body(String type, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Reply(status, without("Content-Type").with("Content-Type", type).fields, bytes, raw, keeps);
    }

    /** This answer with a body of plain text. */
    Reply text(String text) {
        return body("text/plain; charset=utf-8", text);
    }

    /** This answer, broken off after so many bytes of its body, although its {@code Content-Length} promised all. */
    Reply cutAfter(int bytes) {
        return new Reply(status, fields, body, raw, bytes);
    }

    /** The lines of a field. */
    List<String> values(String name) {
        return fields.stream()
                .filter(field -> field.isNamed(name))
                .map(Field::value)
                .toList();
    }

    int status() {
        return status;
    }

    /** What goes over the wire. {@code bodiless} for the answer to a HEAD. */
    byte[] wire(boolean bodiless) {
        if (status == 0) {
            return raw.clone();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(head().getBytes(StandardCharsets.UTF_8));
        if (!bodiless) {
            out.write(body, 0, Math.min(keeps, body.length));
        }
        return out.toByteArray();
    }

    private String head() {
        StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " " + reason() + "\r\n");
        for (Field field : fields) {
            head.append(field.name()).append(": ").append(field.value()).append("\r\n");
        }
        if (values("Content-Length").isEmpty() && status != 204 && status != 304) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        return head.append("Connection: close\r\n\r\n").toString();
    }

    private String reason() {
        return switch (status) {
            case 200 -> "OK";
            case 402 -> "Payment Required";
            default -> "Scripted";
        };
    }

    /** The body as text. */
    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The message as text, for the report. */
    String shown() {
        byte[] wire = wire(false);
        String text = wire.length == 0 ? "(the connection was closed)" : new String(wire, StandardCharsets.UTF_8);
        return keeps < body.length ? text + "\n(and the connection was closed here)" : text;
    }
}

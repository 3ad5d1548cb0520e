package org.farthing.conformance.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request as it goes out. Values are not checked: what a case writes is what the server gets. {@code Host}, {@code Connection:
 * close} and, with a body, {@code Content-Length} are added where the case did not write a line of that field.
 *
 * @param method the method
 * @param target what stands between the method and the version, such as {@code /paid?page=2}
 * @param fields the field lines, in order
 * @param body the body, or null without one
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RawRequest(String method, String target, List<FieldLine> fields, byte @Nullable [] body) {

    /** Copies the list. */
    public RawRequest {
        fields = List.copyOf(fields);
    }

    /** A request without fields and body. */
    public static RawRequest of(String method, String target) {
        return new RawRequest(method, target, List.of(), null);
    }

    /** The same with another method. */
    public RawRequest withMethod(String other) {
        return new RawRequest(other, target, fields, body);
    }

    /** The same at another target. */
    public RawRequest withTarget(String other) {
        return new RawRequest(method, other, fields, body);
    }

    /** The same with one line more; lines of the same field stay. */
    public RawRequest with(String name, String value) {
        return with(new FieldLine(name, value));
    }

    /** The same with a line the kit made up: the report shows it as it is. */
    public RawRequest withOpen(String name, String value) {
        return with(new FieldLine(name, value, true));
    }

    /** The same with one line more. */
    public RawRequest with(FieldLine line) {
        List<FieldLine> more = new ArrayList<>(fields);
        more.add(line);
        return new RawRequest(method, target, more, body);
    }

    /** The same without the lines of a field. */
    public RawRequest without(String name) {
        return new RawRequest(
                method, target, fields.stream().filter(line -> !line.is(name)).toList(), body);
    }

    /** The same with a body. */
    public RawRequest withBody(byte @Nullable [] other) {
        return new RawRequest(method, target, fields, other);
    }

    /** The same with a text as its body, in UTF-8. */
    public RawRequest withBody(String text) {
        return withBody(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether it has a line of a field. */
    public boolean has(String name) {
        return fields.stream().anyMatch(line -> line.is(name));
    }

    /** All its lines, with those that are added. */
    List<FieldLine> lines(String host) {
        List<FieldLine> lines = new ArrayList<>();
        if (!has("Host")) {
            lines.add(new FieldLine("Host", host));
        }
        lines.addAll(fields);
        byte[] content = body;
        if (content != null && !has("Content-Length") && !has("Transfer-Encoding")) {
            lines.add(new FieldLine("Content-Length", Integer.toString(content.length)));
        }
        if (!has("Connection")) {
            lines.add(new FieldLine("Connection", "close"));
        }
        return lines;
    }

    /** The head as it goes out. Characters beyond Latin-1 have no form on the wire. */
    byte[] head(String host) {
        StringBuilder head =
                new StringBuilder(method).append(' ').append(target).append(" HTTP/1.1\r\n");
        lines(host).forEach(line -> head.append(line.text()).append("\r\n"));
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}

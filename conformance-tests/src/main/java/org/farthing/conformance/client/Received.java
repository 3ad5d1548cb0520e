package org.farthing.conformance.client;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.farthing.protocol.internal.Sha256;

/**
 * A request as it arrived, nothing about it decided.
 *
 * @param origin the origin of the server it came to, such as {@code http://127.0.0.1:8402}
 * @param method the method as sent
 * @param target the request target as sent: path and query
 * @param fields the field lines in order
 * @param body the body after transfer coding; empty if there was none
 * @param head the head as text, for the report
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Received(String origin, String method, String target, List<Field> fields, byte[] body, String head) {

    private static final Pattern CREDENTIAL = Pattern.compile("(?is)payment[ \\t]+\\S.*");

    Received {
        fields = List.copyOf(fields);
    }

    String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** Where it came to, as a client would write it. */
    String url() {
        return origin + target;
    }

    /** The values of a field, one for each line. */
    List<String> values(String name) {
        return fields.stream()
                .filter(field -> field.isNamed(name))
                .map(Field::value)
                .toList();
    }

    Optional<String> value(String name) {
        return values(name).stream().findFirst();
    }

    /** The lines, under whatever name, that hold a Payment credential and nothing before it. */
    List<Field> credentialLines() {
        return fields.stream()
                .filter(field -> CREDENTIAL.matcher(field.value()).matches())
                .toList();
    }

    boolean hasCredential() {
        return !credentialLines().isEmpty();
    }

    /** The binding of this request (binding.md, F-BI-26), for any origin, also one that may have none. */
    String binding() {
        int query = target.indexOf('?');
        return Sha256.base64url(
                method + "\n" + origin + "\n" + path() + "\n" + (query < 0 ? "?" : target.substring(query)));
    }

    /** The whole message as text. */
    String text() {
        return body.length == 0 ? head : head + "\r\n" + new String(body, StandardCharsets.UTF_8);
    }

    /** The request line only: the rest may be secret. */
    @Override
    public String toString() {
        return method + " " + url();
    }
}
